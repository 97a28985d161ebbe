import type { ListMessagesInput, MessagePage } from '@arawn/core/message-operations'
import { checkLimit, MOST_AT_ONCE } from './gather.js'

export type Borders = Pick<ListMessagesInput, 'after' | 'before' | 'around' | 'includePromoted'>
type TakePage = (limit: number, borders: Borders) => Promise<MessagePage>

/** A page of messages of any length, put together of what a server gives at a time. @throws INVALID_INPUT */
export async function walkMessages(take: TakePage, limit: number, borders: Borders): Promise<MessagePage> {
  checkLimit(limit)
  if (limit <= MOST_AT_ONCE) return take(limit, borders)
  const { around, includePromoted } = borders
  if (around === undefined) return walk(take, limit, borders)
  const [middle] = (await take(1, borders)).items
  if (middle === undefined) return take(MOST_AT_ONCE, borders)
  const newer = await walk(take, limit, { after: middle.sequence, includePromoted })
  // Half a page of older ones with the message itself; what one side has not, the other may fill.
  const half = Math.ceil((limit + 1) / 2)
  const room = Math.max(half, limit - newer.items.length)
  const older = await walk(take, room, { before: middle.sequence + 1, includePromoted })
  const rest = limit - older.items.length
  return {
    items: [...older.items, ...newer.items.slice(0, rest)],
    hasOlder: older.hasOlder,
    hasNewer: newer.hasNewer || newer.items.length > rest,
  }
}

async function walk(take: TakePage, limit: number, borders: Borders): Promise<MessagePage> {
  const { after, includePromoted } = borders
  const isForward = after !== undefined
  let { items, hasOlder, hasNewer } = await take(Math.min(limit, MOST_AT_ONCE), borders)
  while (items.length < limit && (isForward ? hasNewer : hasOlder)) {
    const end = isForward ? items.at(-1) : items[0]
    if (end === undefined) break
    const border = isForward ? { after: end.sequence } : { before: end.sequence }
    const piece = await take(Math.min(limit - items.length, MOST_AT_ONCE), { ...border, includePromoted })
    items = isForward ? [...items, ...piece.items] : [...piece.items, ...items]
    if (isForward) hasNewer = piece.hasNewer
    else hasOlder = piece.hasOlder
  }
  return { items, hasOlder, hasNewer }
}
