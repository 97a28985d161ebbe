// A model behind a provider of this machine that has batches. Who asks says so by the key.
import { openLanguageModels } from '@arawn/llm/open-language-models'
import { createTokenCounter } from '@arawn/llm/token-counters'

export const compression = { model: 'cheap', batch: true, retentionTarget: 0 }

export function batching(baseUrl, key) {
  const models = openLanguageModels({
    profiles: [{ name: 'cheap', provider: 'anthropic', model: 'small', baseUrl, apiKeyEnv: 'KEY' }],
    defaultProfile: null,
    env: { KEY: key },
  })
  return { ...models, counter: createTokenCounter('estimate') }
}
