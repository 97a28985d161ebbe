import type { LanguageModel } from '@arawn/core/language-model'

const SYSTEM =
  'You name conversations. Answer with a title of at most six words and nothing else, in the language of the conversation.'

// Enough to know what it is about.
const MAX_CHARACTERS = 2_000
const MAX_TITLE = 80

/** Asks a model to name a conversation by its first exchange; undefined when what it says is no title. */
export async function askForTitle(
  model: LanguageModel,
  question: string,
  answer: string,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const content = `${question.slice(0, MAX_CHARACTERS)}\n\n---\n\n${answer.slice(0, MAX_CHARACTERS)}`.toWellFormed()
  let said = ''
  try {
    const messages = [{ role: 'user', content } as const]
    for await (const event of model.stream({ system: SYSTEM, messages, maxOutputTokens: 50, signal }))
      if (event.type === 'text') said += event.text
  } catch {
    // Whatever it is, a title is not worth failing for.
    return undefined
  }
  const title = said
    .trim()
    .replace(/^["'«“]+|["'»”.]+$/g, '')
    .trim()
  return title === '' || title.length > MAX_TITLE || title.includes('\n') ? undefined : title.toWellFormed()
}
