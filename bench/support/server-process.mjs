// Processes that serve, and say where in their first line.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const arawn = fileURLToPath(new URL('../../apps/cli/bin/arawn.mjs', import.meta.url))
const bare = fileURLToPath(new URL('./bare-server.mjs', import.meta.url))

/** `arawn serve` as it is installed, without a limit of requests and with a log of errors only. */
export function startArawn(dataDir, nodeArgs = []) {
  const env = {
    ...process.env,
    ARAWN_DATA_DIR: dataDir,
    ARAWN_SERVER_RATE_LIMIT_PER_MINUTE: '0',
    ARAWN_SERVER_LOG_LEVEL: 'error',
    ARAWN_SERVER_AUTH_TOKEN_ENV: '',
    // Summaries of the histories that were just written would be made meanwhile.
    ARAWN_WORKSTREAM_COMPRESSION_ENABLED: 'false',
  }
  return start([...nodeArgs, arawn, 'serve', '--port', '0', '--json'], env)
}

/** Fastify alone, answering with these objects: see bare-server.mjs. */
export function startBare(answersFile, logFile) {
  return start([bare, answersFile, logFile], process.env)
}

async function start(args, env) {
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] })
  const { url } = JSON.parse(await firstLine(child.stdout))
  return {
    url,
    /** Resident memory now. */
    rssMb: () => residentKb(child.pid) / 1_000,
    async stop() {
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      await ended
    },
  }
}

async function firstLine(stdout) {
  let text = ''
  for await (const piece of stdout.iterator({ destroyOnReturn: false })) {
    text += piece
    if (text.includes('\n')) break
  }
  stdout.resume()
  return text.split('\n', 1)[0]
}

/** Of Linux; elsewhere it is not known. */
function residentKb(pid) {
  if (process.platform !== 'linux') return Number.NaN
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])
}
