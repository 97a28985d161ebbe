import type { Page } from '@arawn/core/workstream-index'

interface ListAnswer<Item> {
  object: 'list'
  data: Item[]
  first_id: string | null
  last_id: string | null
  has_more: boolean
  next: string | null
}

/** A page as lists are answered. */
export function listAnswer<Item>(
  { items, hasMore, next }: Pick<Page<Item>, 'items' | 'hasMore' | 'next'>,
  idOf: (item: Item) => string,
): ListAnswer<Item> {
  const [first, last] = [items[0], items.at(-1)]
  return {
    object: 'list',
    data: items,
    first_id: first === undefined ? null : idOf(first),
    last_id: last === undefined ? null : idOf(last),
    has_more: hasMore,
    next: next ?? null,
  }
}

/** All there is, in one page. */
export function wholeList<Item>(items: Item[], idOf: (item: Item) => string): ListAnswer<Item> {
  return listAnswer({ items, hasMore: false }, idOf)
}
