import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

const program = fileURLToPath(new URL('../../apps/cli/bin/arawn.mjs', import.meta.url))

export interface ServerProcess {
  readonly url: string
  /** Resolves with its exit code, or null when the signal ended it. */
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null>
}

/** `arawn serve` as it is installed, once it says where it is. */
export async function startServerProcess(
  dataDir: string,
  variables: Record<string, string> = {},
): Promise<ServerProcess> {
  const env = {
    ...process.env,
    ...variables,
    NODE_OPTIONS: '',
    ARAWN_DATA_DIR: dataDir,
    ARAWN_SERVER_LOG_LEVEL: 'error',
  }
  const child = spawn(process.execPath, [program, 'serve', '--port', '0', '--json'], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  const { url } = JSON.parse(await firstLine(child))
  return {
    url,
    end: async (signal) => {
      const ended = once(child, 'exit')
      child.kill(signal)
      const [code] = await ended
      return code
    },
  }
}

async function firstLine({ stdout }: ChildProcess): Promise<string> {
  let text = ''
  for await (const piece of stdout ?? []) {
    text += piece
    if (text.includes('\n')) break
  }
  return text
}
