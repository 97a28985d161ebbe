import { join } from 'node:path'
import { loadSettings } from '@arawn/config/load-settings'
import { silentLogger } from '@arawn/core/logger'
import { openManager } from '@arawn/server/compose'
import type { ProviderAnswer } from '@arawn/testkit/provider-answer'
import type { ProviderRequest } from '@arawn/testkit/scripted-provider'
import { summarizedTalk } from '@arawn/testkit/summarized-talk'
import { expect, it, onTestFinished } from 'vitest'
import { startProvider, tempDir } from './start-server.js'

const PORT = 'The proxy of the warehouse listens on port 8443.'
// Shares no word with it that counts.
const asked = 'Whereabouts can my browser knock at that storage depot?'

/** One provider that is all of it: what answers, what adds words to questions, and the embedder. */
function answer({ path, body }: ProviderRequest): ProviderAnswer {
  if (path === '/v1/embeddings')
    return { vectors: (body.input as string[]).map((text) => (/proxy|browser/.test(text) ? [1, 0] : [0, 1])) }
  return { text: [body.model === 'expander' ? 'warehouse\nproxy\nport' : 'Fine.'] }
}

async function askedOnce(context: string) {
  const provider = await startProvider(answer)
  const dir = tempDir()
  const file = `[llm_profiles.test]
provider = "openai-compatible"
base_url = "${provider.baseUrl}"
model = "scripted"

[context]
recalled_tokens = 300
recent_share = 0.1
recall_timeout_ms = 10_000
${context}
`
  const settings = loadSettings({
    env: { ARAWN_DATA_DIR: dir },
    cwd: dir,
    homeDir: dir,
    readFile: (path) => (path === join(dir, 'arawn.toml') ? file : undefined),
  })
  const manager = await openManager(settings, {}, silentLogger)
  onTestFinished(() => manager.close())
  await summarizedTalk(manager, PORT)
  const embedded = await manager.embedDue()
  const turn = await (await manager.chat({ workstream: 'a', content: asked })).ended
  const sent = provider.requests.filter(({ body }) => body.model === 'scripted')
  return {
    status: turn.status,
    embedded,
    // Echoes stand in the last message; a summary may say something of the same.
    sent: JSON.stringify((sent.at(-1)?.body.messages as unknown[] | undefined)?.at(-1)),
    calls: provider.requests.map(({ path, body }) => `${path} ${body.model}`),
  }
}

it('asks nobody for what is off', async () => {
  const { status, embedded, sent, calls } = await askedOnce('')
  expect({ status, embedded, calls }).toEqual({ status: 'ok', embedded: 0, calls: ['/v1/chat/completions scripted'] })
  expect(sent).not.toContain(PORT)
})

it('sends an old message without a word of the question when the settings name a model for its words', async () => {
  const { status, sent, calls } = await askedOnce('expansion_model = "test/expander"')
  expect(status).toBe('ok')
  expect(sent).toContain(PORT)
  expect(calls).toEqual(['/v1/chat/completions expander', '/v1/chat/completions scripted'])
})

it('sends it when the settings name an embedder', async () => {
  const { status, embedded, sent, calls } = await askedOnce('embedding_model = "test/embedder"')
  expect({ status, embedded }).toEqual({ status: 'ok', embedded: 81 })
  expect(sent).toContain(PORT)
  expect(calls.at(-1)).toBe('/v1/chat/completions scripted')
  expect(new Set(calls.slice(0, -1))).toEqual(new Set(['/v1/embeddings embedder']))
})
