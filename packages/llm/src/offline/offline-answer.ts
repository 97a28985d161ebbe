import type { Passage } from '@arawn/core/language-model'

export const offlineNotice =
  'This is the offline model, which is no language model: it only looks up what was said before. For answers set ANTHROPIC_API_KEY or OPENAI_API_KEY, start Ollama, or name another model in arawn.toml with [llm_profiles.NAME] and llm.default_profile.'

const MOST_PASSAGES = 5
const EXCERPT_CHARACTERS = 300

/** What fits a question best of what was said before, as it was given: the best first. */
export function offlineAnswer(question: string, passages: readonly Passage[]): string {
  // The question itself may be found, too: it is in the log already.
  const others = passages.filter(({ text }) => text.trim() !== question.trim()).slice(0, MOST_PASSAGES)
  if (others.length === 0) return `Nothing that was said before fits.\n\n${offlineNotice}`
  const cited = others.map((passage) => {
    const day = passage.timestamp.slice(0, 10)
    return `- ${excerptOf(passage.text, question)}\n  (${passage.role}, ${day}, ${passage.messageId})`
  })
  return `What was said before and fits best:\n\n${cited.join('\n')}\n\n${offlineNotice}`
}

/** One line of a text, around the first of the question's words that stands in it. */
function excerptOf(text: string, question: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  const characters = [...line]
  if (characters.length <= EXCERPT_CHARACTERS) return line
  const lower = line.toLowerCase()
  const words = question.toLowerCase().match(/[\p{L}\p{N}]{4,}/gu) ?? []
  const places = words.map((word) => lower.indexOf(word)).filter((place) => place >= 0)
  const first = places.length === 0 ? 0 : Math.min(...places)
  const before = [...line.slice(0, first)].length
  const begin = Math.max(0, Math.min(before - 60, characters.length - EXCERPT_CHARACTERS))
  const end = begin + EXCERPT_CHARACTERS
  const cut = characters.slice(begin, end).join('')
  return `${begin > 0 ? '…' : ''}${cut}${end < characters.length ? '…' : ''}`
}
