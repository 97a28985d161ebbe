import { workstreamIdSchema } from '@arawn/core/id'
import type { logNames } from '@arawn/core/record'
import * as z from 'zod'

/**
 * A native export is one file: a header of one line, then the bytes of the three logs exactly as they are, one after
 * the other (docs/log-format.md, "Native export").
 */
export const nativeHeaderSchema = z.object({
  format: z.literal('arawn-native'),
  version: z.literal(1),
  workstream_id: workstreamIdSchema,
  logs: z.tuple([logPart('workstream'), logPart('sessions'), logPart('messages')]),
})
export type NativeHeader = z.infer<typeof nativeHeaderSchema>

function logPart<Name extends (typeof logNames)[number]>(name: Name) {
  return z.object({ log: z.literal(name), bytes: z.int().nonnegative(), sha256: z.string().length(64) })
}
