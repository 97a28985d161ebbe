import { createOfflineModel } from '@arawn/llm/offline-model'
import { openLanguageModels } from '@arawn/llm/open-language-models'
import { describeLanguageModel, type SetUpLanguageModel } from '@arawn/testkit/language-model-contract'
import { isBody, isRefusal, isVectors } from '@arawn/testkit/provider-answer'
import { createScriptedModel } from '@arawn/testkit/scripted-model'
import { startScriptedProvider } from '@arawn/testkit/scripted-provider'

function overTheWire(provider: 'openai' | 'anthropic' | 'openai-compatible' | 'ollama'): SetUpLanguageModel {
  return async (answers) => {
    const server = await startScriptedProvider(answers)
    const models = openLanguageModels({
      profiles: [{ name: 'work', provider, model: 'a-model', baseUrl: server.baseUrl, apiKeyEnv: 'WORK_KEY' }],
      defaultProfile: null,
      env: { WORK_KEY: 'sk-secret' },
      idleTimeoutMs: 1_000,
      retries: { tries: 2, firstDelayMs: 1, maxDelayMs: 1 },
    })
    return { model: await models.open(null), dispose: () => server.close() }
  }
}

for (const provider of ['openai', 'anthropic', 'openai-compatible', 'ollama'] as const)
  describeLanguageModel(provider, overTheWire(provider), { scripts: true, failures: true })

describeLanguageModel('offline', async () => ({ model: createOfflineModel(), dispose: async () => {} }), {
  scripts: false,
  failures: false,
})

describeLanguageModel(
  'scripted',
  async (answers) => {
    const script = answers.map((answer) => {
      if (isRefusal(answer) || isBody(answer) || isVectors(answer))
        throw new Error('a scripted model is told its failures by code')
      const { pauseMs = 0, ending: _, ...speech } = answer
      return { ...speech, before: () => new Promise((resolve) => setTimeout(resolve, pauseMs)) }
    })
    return { model: createScriptedModel(script), dispose: async () => {} }
  },
  { scripts: true, failures: false },
)
