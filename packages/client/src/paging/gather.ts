import { WorkstreamError } from '@arawn/core/error'

/** A server gives at most this many at a time. */
export const MOST_AT_ONCE = 100

interface Piece<Item> {
  readonly items: Item[]
  readonly next: string | null | undefined
}

/** A page of up to 1,000, put together of what a server gives at a time. @throws INVALID_INPUT */
export async function gather<Item>(
  limit: number,
  after: string | undefined,
  take: (limit: number, after: string | undefined) => Promise<Piece<Item>>,
): Promise<{ items: Item[]; hasMore: boolean; next?: string }> {
  checkLimit(limit)
  const items: Item[] = []
  let next: string | null | undefined = after
  do {
    const piece: Piece<Item> = await take(Math.min(MOST_AT_ONCE, limit - items.length), next ?? undefined)
    items.push(...piece.items)
    next = piece.next
  } while (next != null && items.length < limit)
  return next == null ? { items, hasMore: false } : { items, hasMore: true, next }
}

export function checkLimit(limit: number): void {
  if (Number.isInteger(limit) && limit >= 1 && limit <= 1_000) return
  const problem = limit < 1 ? 'Too small: expected number to be >=1' : 'Too big: expected number to be <=1000'
  throw new WorkstreamError('INVALID_INPUT', `limit: ${problem}`, { path: 'limit', problem })
}
