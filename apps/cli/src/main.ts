import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { runProgram } from './program.js'
import type { Screen } from './world.js'

/** The process as the program's world. */
function screen(stream: NodeJS.WriteStream): Screen {
  return {
    isTerminal: stream.isTTY === true,
    columns: stream.isTTY === true ? stream.columns : undefined,
    write: (bytes) =>
      new Promise((resolve, reject) => {
        stream.write(bytes, (error) => (error == null ? resolve() : reject(error)))
      }),
  }
}

async function readAll(): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks).toString('utf8')
}

// `arawn history … | head` closes our output before we are done: that is no error.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0)
    throw error
  })

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
process.exitCode = await runProgram(
  {
    args: process.argv.slice(2),
    env: process.env,
    cwd: process.cwd(),
    homeDir: homedir(),
    now: Date.now,
    stdin: { isTerminal: process.stdin.isTTY === true, text: readAll },
    stdout: screen(process.stdout),
    stderr: screen(process.stderr),
  },
  version,
)
