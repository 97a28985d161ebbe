import { timestampSchema } from '@arawn/core/message'
import type { Json } from './json-value.js'

/**
 * The instant that a value names, as ISO 8601; undefined when it names none. A time without a zone is taken as UTC:
 * the zone of the machine that wrote it is not in the file.
 */
export function instantOf(value: Json | undefined): string | undefined {
  if (typeof value !== 'string') return undefined
  const iso = value.trim().replace(' ', 'T')
  return [iso, `${iso}Z`].find((text) => timestampSchema.safeParse(text).success && !Number.isNaN(Date.parse(text)))
}
