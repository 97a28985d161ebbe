import { WorkstreamError } from '@arawn/core/error'

/** Where a bad setting stands, and what may have been meant. */
export function configInvalid(
  place: { file: string | null; line: number | null; key: string },
  problem: string,
  suggestion: string | null = null,
  cause?: unknown,
): WorkstreamError<'CONFIG_INVALID'> {
  const where = place.file === null ? place.key : `${place.file}${place.line === null ? '' : `:${place.line}`}: ${place.key}`
  const hint = suggestion === null ? '' : `; did you mean ${suggestion}?`
  return new WorkstreamError('CONFIG_INVALID', `${where}: ${problem}${hint}`, { ...place, problem, suggestion }, { cause })
}
