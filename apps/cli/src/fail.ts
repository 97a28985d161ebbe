import { type ErrorCode, hasCode, WorkstreamError } from '@arawn/core/error'
import { exitCodes } from './exit-code.js'
import { coloursFor } from './terminal/colours.js'
import { jsonLine } from './terminal/json-line.js'
import { printable, printableLine } from './terminal/printable.js'
import { titleOf } from './terminal/title-of.js'
import type { World } from './world.js'

/** Says what went wrong, in a sentence or as JSON, and gives the exit code. Never a stack trace, unless ARAWN_DEBUG asks. */
export async function fail({ stderr, env, args }: World, error: unknown, { json }: { json: boolean }): Promise<number> {
  const known: WorkstreamError = error instanceof WorkstreamError ? error : unexpected(error)
  if (json) {
    const { code, message, details } = known
    await stderr.write(jsonLine({ error: { code, message, details } }))
  } else {
    const { red } = coloursFor(stderr, { env }, !args.includes('--no-color'))
    await stderr.write(`${red('arawn:')} ${printableLine(known.message)}\n`)
    for (const hint of hints(known)) await stderr.write(`  ${printableLine(hint)}\n`)
  }
  if (env.ARAWN_DEBUG === '1' && error instanceof Error) await stderr.write(`${printable(error.stack ?? '')}\n`)
  return exitCodes[known.code]
}

function unexpected(error: unknown): WorkstreamError<'INTERNAL'> {
  const problem = error instanceof Error ? error.message : String(error)
  return new WorkstreamError('INTERNAL', `something unexpected happened: ${problem}`, { problem }, { cause: error })
}

const ADVICE: Partial<Record<ErrorCode, string>> = {
  EXPORT_TARGET_EXISTS: '--force overwrites it.',
  LOCK_TIMEOUT: 'Another process is writing. Nothing was written; try again.',
  INDEX_REBUILDING: 'Try again in a moment.',
  LOG_FULL: 'Nothing was written. Make room and try again.',
  TRASH_ENTRY_NOT_FOUND: 'To see what is in it: arawn trash list',
  TORN_TAIL_NOT_FOUND: 'To see those that were kept: arawn doctor',
  RESTORE_CONFLICT:
    'Purge what has the id now; an export can also be put back into another data dir: --data-dir <dir>.',
  INTERNAL: 'With ARAWN_DEBUG=1 it says where.',
}

function hints(error: WorkstreamError): string[] {
  if (hasCode(error, 'WORKSTREAM_NOT_FOUND'))
    return error.details.suggestions.length > 0
      ? [`Did you mean ${error.details.suggestions.map((name) => `"${name}"`).join(' or ')}?`]
      : ['To see all there are: arawn workstream list --state all']
  if (hasCode(error, 'WORKSTREAM_AMBIGUOUS'))
    return error.details.candidates.map((candidate) => `${candidate.id} ${titleOf(candidate)}`)
  if (hasCode(error, 'TRASH_ENTRY_AMBIGUOUS'))
    return error.details.candidates.map((candidate) => `${candidate.name} ${titleOf(candidate)}`)
  if (hasCode(error, 'WORKSTREAM_ARCHIVED'))
    return [`To go on with it: arawn workstream unarchive ${error.details.workstreamId}`]
  const advice = ADVICE[error.code]
  return advice === undefined ? [] : [advice]
}
