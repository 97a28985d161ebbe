import { homedir } from 'node:os'
import { errnoOf } from '@arawn/core/error'
import manifest from '../package.json' with { type: 'json' }
import { Interrupted } from './interruption.js'
import { runProgram } from './program.js'
import { widthOf } from './terminal/width-of.js'
import type { Screen } from './world.js'

const interruption = new AbortController()
let diverted: (() => void) | undefined

// By convention 128 and the signal's number. A second one does not wait for anything to be closed.
for (const [signal, exitCode] of [
  ['SIGHUP', 129],
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)
  process.on(signal, () => {
    const stop = signal === 'SIGINT' ? diverted : undefined
    diverted = undefined
    if (stop !== undefined) return stop()
    if (interruption.signal.aborted) process.exit(exitCode)
    interruption.abort(new Interrupted(exitCode))
  })

/** A stream of the process as the program's world has it. */
function screen(stream: NodeJS.WriteStream, onError: (error: Error, reject: (error: Error) => void) => void): Screen {
  // Without a listener a failed write would end the process; whoever writes hears of it below.
  stream.on('error', () => {})
  return {
    isTerminal: stream.isTTY === true,
    columns: widthOf(stream),
    write: (bytes) =>
      new Promise((resolve, reject) => {
        stream.write(bytes, (error) => {
          if (error != null) onError(error, reject)
          resolve()
        })
      }),
  }
}

const stdout = screen(process.stdout, (error, reject) => {
  // `arawn history … | head` closes our output before we are done: that is no error.
  const errno = errnoOf(error)
  const reason =
    errno === 'EPIPE' ? new Interrupted(0) : new Error(`standard output cannot be written: ${errno}`, { cause: error })
  interruption.abort(reason)
  reject(reason)
})
// There is nowhere left to say that nobody listens to our errors.
const stderr = screen(process.stderr, () => {})

process.exitCode = await runProgram({
  args: process.argv.slice(2),
  version: manifest.version,
  env: process.env,
  cwd: process.cwd(),
  homeDir: homedir(),
  now: Date.now,
  stdin: {
    isTerminal: process.stdin.isTTY === true,
    chunks: () => process.stdin,
    ask: async (prompt) => (await import('./terminal/ask.js')).ask(prompt),
  },
  stdout,
  stderr,
  interrupted: interruption.signal,
  divertInterrupt: (stop) => {
    diverted = stop
    return () => {
      if (diverted === stop) diverted = undefined
    }
  },
  openManager: async (...given) => (await import('@arawn/server/compose')).openManager(...given),
  openClient: async (url, token) =>
    (await import('@arawn/client/create-workstream-client')).createWorkstreamClient({ url, token }),
  openModels: async (...given) => (await import('@arawn/server/compose')).openModels(...given),
})
// Something may still wait for a lock or for input.
if (interruption.signal.aborted) process.exit()
