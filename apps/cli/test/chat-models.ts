import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type ProviderScript, type ScriptedProvider, startScriptedProvider } from '@arawn/testkit/scripted-provider'
import { onTestFinished } from 'vitest'
import { type Cli, makeCli, type RunOptions } from './run-cli.js'

export const KEY = 'sk-test-0123456789abcdef'

export type ProviderName = 'openai-compatible' | 'anthropic'

/** The program with a provider of its own at a port of this machine, and with no way to any other. */
export async function withProvider(
  provider: ProviderName,
  script: ProviderScript,
  profileLines = '',
): Promise<{
  cli: Cli
  scripted: ScriptedProvider
  chat: (options: RunOptions, ...args: string[]) => ReturnType<Cli>
}> {
  const scripted = await startScriptedProvider(script)
  onTestFinished(() => scripted.close())
  const cli = makeCli()
  const profile = (name: string, model: string) => `
[llm_profiles.${name}]
provider = "${provider}"
base_url = "${scripted.baseUrl}"
model = "${model}"
api_key_env = "TEST_KEY"
${profileLines}
`
  writeFileSync(join(cli.dir, 'arawn.toml'), profile('first', 'model-one') + profile('second', 'model-two'))
  const chat = (options: RunOptions, ...args: string[]) =>
    cli.with({ ...options, env: { TEST_KEY: KEY, ...options.env } }, 'chat', ...args)
  return { cli, scripted, chat }
}

/** The program with the offline model: no key, no network, and nobody looks for Ollama. */
export function withoutProvider(): Cli {
  const cli = makeCli()
  writeFileSync(join(cli.dir, 'arawn.toml'), '[llm]\ndefault_profile = "offline"\n')
  return cli
}

export function records(out: string) {
  return out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
}
