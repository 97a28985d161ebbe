import * as z from 'zod'
import { errorKindSchema } from './error-outcome.js'

/** What every answer with a status of 400 and more is. */
export const errorAnswerSchema = z.object({
  error: z.object({
    /** What kind of failure it is: `invalid`, `not_found`, `conflict` and so on. */
    type: errorKindSchema,
    /** One of docs/errors.md; a later version may know more. */
    code: z.string(),
    message: z.string(),
    /** The field, parameter or header that is to blame, such as `tags.2`. */
    param: z.string().nullable(),
    request_id: z.string(),
    /** The same request may succeed later. */
    retryable: z.boolean(),
    /** The facts of the code, as docs/errors.md names them. */
    details: z.record(z.string(), z.unknown()),
  }),
})
export type ErrorAnswer = z.infer<typeof errorAnswerSchema>
