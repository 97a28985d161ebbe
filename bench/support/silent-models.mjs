/** A model that is never asked, with a window of 200,000 tokens: for contexts that are only assembled. */
export function silentModels(counter = quarters) {
  const model = {
    profile: 'silent',
    model: 'silent',
    windowTokens: 200_000,
    maxOutputTokens: 8_000,
    counter,
    costOf: () => null,
  }
  return {
    models: { open: async () => model, list: async () => [] },
    owners: { own: async () => 'run_bench', isAlive: async () => true, close: async () => {} },
    counter,
  }
}

const quarters = {
  name: 'quarters',
  errorShare: 0.1,
  count: async (texts) => texts.map(({ length }) => Math.ceil(length / 4)),
}
