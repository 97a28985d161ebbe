import type { WorkstreamId } from '@arawn/core/id'
import type { Passage } from '@arawn/core/language-model'
import type { WorkstreamManager } from '@arawn/core/workstream-manager'

// More would not be read.
const PASSAGES = 5
const WORDS = 40

/** What was said before about something, without the one that asks. */
export async function lookUp(
  { searchMessages }: Pick<WorkstreamManager, 'searchMessages'>,
  workstream: WorkstreamId,
  text: string,
  askedBy: string,
): Promise<Passage[]> {
  const words = text.match(/[\p{L}\p{N}]+/gu)?.slice(0, WORDS) ?? []
  if (words.length === 0) return []
  // In small letters nothing is a sign.
  const query = words.join(' ').toLowerCase()
  const { items } = await searchMessages({ query, workstream, limit: PASSAGES + 1 })
  return items
    .filter(({ message }) => message.id !== askedBy)
    .slice(0, PASSAGES)
    .map(({ message: { id, timestamp, role }, snippet }) => ({ messageId: id, timestamp, role, text: snippet }))
}
