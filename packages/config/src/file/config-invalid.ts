import { WorkstreamError } from '@arawn/core/error'

/** Where a setting stands: a key in a line of a file, or a variable or flag. */
export interface Place {
  readonly file: string | null
  readonly line: number | null
  readonly key: string
}

export function configInvalid(
  { file, line, key }: Place,
  problem: string,
  suggestion: string | null = null,
  cause?: unknown,
): WorkstreamError<'CONFIG_INVALID'> {
  const where = file === null ? key : `${file}${line === null ? '' : `:${line}`}: ${key}`
  const hint = suggestion === null ? '' : `; did you mean ${suggestion}?`
  return new WorkstreamError(
    'CONFIG_INVALID',
    `${where}: ${problem}${hint}`,
    { file, line, key, problem, suggestion },
    { cause },
  )
}
