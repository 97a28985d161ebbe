import * as z from 'zod'

/** An exact id, else a title that only one workstream has, else at least four characters of an id. */
export const referenceSchema = z.string().min(1).max(200)

export const refParams = z.object({ ref: referenceSchema })

/** In a query a number is text. */
export const pageLimitSchema = z.coerce.number<number | string>().int().min(1).max(100).default(20)

/** In a query `true` is text, and so is `false`. */
export const flagSchema = z
  .union([z.boolean(), z.enum(['true', 'false'])])
  .transform((said) => said === true || said === 'true')

/** The id of a message, or its sequence. */
export const messagePlaceSchema = z.coerce
  .string<string | number>()
  .min(1)
  .max(200)
  .transform((text) => (/^\d{1,15}$/.test(text) ? Number(text) : text))

/** A page of something. `next` is the `after` of the page behind it; null when there is none. */
export function listOf<Item extends z.ZodType>(item: Item) {
  return z.object({
    object: z.literal('list'),
    data: z.array(item),
    first_id: z.string().nullable(),
    last_id: z.string().nullable(),
    has_more: z.boolean(),
    next: z.string().nullable(),
  })
}
