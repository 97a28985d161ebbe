// On the same machine: it answers at once or is not there.
const PATIENCE_MS = 500

/** The models of the Ollama at an address, the one used last first; none when it does not answer in time. */
export async function askOllama(origin: string, fetch = globalThis.fetch): Promise<readonly string[]> {
  try {
    const answer = await fetch(`${origin}/api/tags`, { signal: AbortSignal.timeout(PATIENCE_MS) })
    const { models } = (await answer.json()) as { models?: readonly { name?: unknown }[] }
    const names = (models ?? []).map(({ name }) => name).filter((name) => typeof name === 'string')
    return names.filter((name) => !name.includes('embed'))
  } catch {
    return []
  }
}
