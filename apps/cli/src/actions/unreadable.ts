import { errnoOf, WorkstreamError } from '@arawn/core/error'

const PROBLEMS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EACCES: 'you may not read it',
  EPERM: 'you may not read it',
  EISDIR: 'it is a folder',
}

/** A file that cannot be taken in, because of a problem in words or of a failed system call. */
export function unreadable(
  file: string,
  problem: unknown,
  { isEmpty = false } = {},
): WorkstreamError<'IMPORT_UNREADABLE'> {
  const words = typeof problem === 'string' ? problem : (PROBLEMS[errnoOf(problem)] ?? errnoOf(problem))
  const cause = typeof problem === 'string' ? undefined : problem
  return new WorkstreamError('IMPORT_UNREADABLE', `${file}: ${words}`, { file, problem: words, isEmpty }, { cause })
}
