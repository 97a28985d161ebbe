import type { ErrorCode, WorkstreamError } from '@arawn/core/error'
import type { LanguageModel, ModelEvent, ModelRequest } from '@arawn/core/language-model'
import type { LlmProvider } from '@arawn/llm/llm-profile'
import { type LanguageModelsInput, openLanguageModels } from '@arawn/llm/open-language-models'
import {
  type BatchScript,
  type ProviderScript,
  type ScriptedProvider,
  startScriptedProvider,
} from '@arawn/testkit/scripted-provider'

export const hello: ModelRequest = { system: '', messages: [{ role: 'user', content: 'Hello' }] }

export async function eventsOf(model: LanguageModel, request: ModelRequest = hello): Promise<ModelEvent[]> {
  const events: ModelEvent[] = []
  for await (const event of model.stream(request)) events.push(event)
  return events
}

export async function failureOf(work: Promise<unknown>): Promise<WorkstreamError> {
  try {
    await work
  } catch (error) {
    return error as WorkstreamError<ErrorCode>
  }
  throw new Error('it did not fail')
}

/** A model of a scripted provider, with a key. What was waited for between tries is in `waits`, and took no time. */
export async function openScripted(
  provider: Exclude<LlmProvider, 'offline'>,
  script: ProviderScript,
  more: Partial<LanguageModelsInput> = {},
  batchScript: BatchScript = {},
): Promise<{ model: LanguageModel; server: ScriptedProvider; waits: number[] }> {
  const server = await startScriptedProvider(script, batchScript)
  const waits: number[] = []
  const models = openLanguageModels({
    profiles: [{ name: 'work', provider, model: 'a-model', baseUrl: server.baseUrl, apiKeyEnv: 'WORK_KEY' }],
    defaultProfile: null,
    env: { WORK_KEY: 'sk-live-0123456789' },
    retryTools: {
      sleep: async (ms) => {
        waits.push(ms)
      },
      random: () => 1,
    },
    ...more,
  })
  return { model: await models.open(null), server, waits }
}
