import * as z from 'zod'

/** Named by the caller: the same key and the same request are done once, and answered each time. */
export const idempotencyKeySchema = z.string().min(1).max(255)
