import { WorkstreamError } from '@arawn/core/error'
import type * as z from 'zod'

/** A value as its schema wants it. @throws INVALID_INPUT with the path of the first bad field */
export function parseInput<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const path = issue?.path.map(String).join('.') ?? ''
  const problem = issue?.message ?? 'invalid'
  throw new WorkstreamError('INVALID_INPUT', path === '' ? problem : `${path}: ${problem}`, { path, problem })
}

export function invalidInput(path: string, problem: string): WorkstreamError<'INVALID_INPUT'> {
  return new WorkstreamError('INVALID_INPUT', `${path}: ${problem}`, { path, problem })
}
