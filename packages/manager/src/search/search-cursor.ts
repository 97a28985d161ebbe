import { workstreamIdSchema } from '@arawn/core/id'
import type { SearchOrder, SearchPlace } from '@arawn/core/search'
import * as z from 'zod'
import { invalidInput } from '../input/parse-input.js'

/**
 * Where a page of hits ended. It stands for itself: it outlives the process, and the index.
 *
 * `newest` goes on behind a place. `relevance` has no lasting places, since each new message changes what all others are
 * worth; so the cursor names what was given, and a page is the best of what was not. Nothing comes twice and nothing is
 * left out, whatever happens in between. Messages that came after the first page are left to the next search.
 */
const cursorSchema = z.object({
  upToStamp: z.int().nonnegative(),
  place: z.tuple([z.int(), workstreamIdSchema, z.int().positive()]).optional(),
  /** Sequences by workstream, ascending, each as what is added to the one before. */
  given: z.record(workstreamIdSchema, z.array(z.int().positive())).optional(),
})

export interface SearchCursor {
  readonly upToStamp: number
  readonly after?: SearchPlace | undefined
  readonly except?: Readonly<Record<string, readonly number[]>> | undefined
}

/** The cursor behind a page. */
export function cursorAfter(
  order: SearchOrder,
  { upToStamp, except = {} }: SearchCursor,
  page: readonly SearchPlace[],
): string | undefined {
  const last = page.at(-1)
  if (last === undefined) return undefined
  if (order === 'newest') return encode({ upToStamp, place: [last.saidMs, last.workstreamId, last.sequence] })
  const given = new Map(Object.entries(except).map(([id, sequences]) => [id, [...sequences]]))
  for (const { workstreamId, sequence } of page) given.set(workstreamId, [...(given.get(workstreamId) ?? []), sequence])
  const steps = [...given].map(([id, sequences]) => {
    const ascending = sequences.sort((a, b) => a - b)
    return [id, ascending.map((sequence, index) => sequence - (ascending[index - 1] ?? 0))]
  })
  return encode({ upToStamp, given: Object.fromEntries(steps) })
}

/** @throws INVALID_INPUT for what is no cursor of this order */
export function readCursor(order: SearchOrder, text: string): SearchCursor {
  const parsed = cursorSchema.safeParse(decode(text))
  if (!parsed.success || (parsed.data.place !== undefined) !== (order === 'newest'))
    throw invalidInput('after', 'is not the `next` of a page in this order')
  const { upToStamp, place, given } = parsed.data
  if (place !== undefined) {
    const [saidMs, workstreamId, sequence] = place
    return { upToStamp, after: { saidMs, workstreamId, sequence } }
  }
  const except = Object.entries(given ?? {}).map(([id, steps]) => {
    let sequence = 0
    return [id, steps.map((step) => (sequence += step))]
  })
  return { upToStamp, except: Object.fromEntries(except) }
}

function encode(cursor: z.infer<typeof cursorSchema>): string {
  return Buffer.from(JSON.stringify(cursor)).toString('base64url')
}

function decode(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))
  } catch {
    return undefined
  }
}
