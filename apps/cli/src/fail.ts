import { type ErrorCode, hasCode, WorkstreamError } from '@arawn/core/error'
import { errorOutcomes } from '@arawn/core/error-outcome'
import type { Turn } from '@arawn/core/turn'
import { exitCodeOf } from './exit-code.js'
import { coloursFor } from './terminal/colours.js'
import { jsonLine } from './terminal/json-line.js'
import { printable, printableLine } from './terminal/printable.js'
import { titleOf } from './terminal/title-of.js'
import type { World } from './world.js'

/** Says what went wrong, in a sentence or as JSON, and gives the exit code. Never a stack trace, unless ARAWN_DEBUG asks. */
export async function fail(world: World, error: unknown, { json }: { json: boolean }): Promise<number> {
  const { stderr, env } = world
  const known: WorkstreamError = error instanceof WorkstreamError ? error : unexpected(error)
  const { code, message, details } = known
  if (json) await stderr.write(jsonLine({ error: { code, message, details } }))
  else await say(world, message, hints(known))
  if (env.ARAWN_DEBUG === '1' && error instanceof Error) await stderr.write(`${printable(error.stack ?? '')}\n`)
  return exitCodeOf(known.code)
}

/** Says why a turn did not end well. */
export async function failTurn(world: World, turn: Turn, { json }: { json: boolean }): Promise<number> {
  const code = codeOf(turn)
  const message = `${code}: ${turn.error_message ?? SENTENCES[code] ?? 'the turn failed'} (${turn.model ?? 'no model was asked'})`
  const { interaction_id: interactionId, workstream_id: workstreamId, model } = turn
  const details = { workstreamId, interactionId, model }
  if (json) await world.stderr.write(jsonLine({ error: { code, message, details } }))
  else await say(world, message, adviceFor(code))
  return exitCodeOf(code)
}

function codeOf({ status, error }: Turn): ErrorCode {
  if (status === 'interrupted') return 'TURN_OVER'
  return error !== null && error in errorOutcomes ? (error as ErrorCode) : 'INTERNAL'
}

const SENTENCES: Partial<Record<ErrorCode, string>> = {
  MODEL_AUTH: 'the provider refuses the key',
  MODEL_NOT_FOUND: 'the provider has no such model, or not for this key',
  MODEL_OVERFLOW: 'the provider says that the conversation does not fit',
  MODEL_RATE_LIMITED: 'the provider asks to wait',
  MODEL_UNREACHABLE: 'the provider cannot be reached, or the connection was cut',
  MODEL_FAILED: 'the provider failed, or its answer cannot be understood',
  MODEL_REFUSED: 'the provider refuses this request',
  MODEL_ABORTED: 'the answer was stopped',
  CONTEXT_TOO_LARGE: 'what has to be sent does not fit',
  TURN_OVER: 'the turn was ended by somebody else',
}

async function say({ stderr, env, args }: World, message: string, hints: readonly string[]): Promise<void> {
  const { red } = coloursFor(stderr, { env }, !args.includes('--no-color'))
  await stderr.write(`${red('arawn:')} ${printableLine(message)}\n`)
  for (const hint of hints) await stderr.write(`  ${printableLine(hint)}\n`)
}

function unexpected(error: unknown): WorkstreamError<'INTERNAL'> {
  const problem = error instanceof Error ? error.message : String(error)
  return new WorkstreamError('INTERNAL', `something unexpected happened: ${problem}`, { problem }, { cause: error })
}

const ADVICE: Partial<Record<ErrorCode, string>> = {
  EXPORT_TARGET_EXISTS: '--force overwrites it.',
  SERVER_UNREACHABLE: 'Is it running, and is this its address? On this machine: arawn serve',
  SERVER_ANSWER_UNREADABLE: 'Is this the address of an Arawn server, and of this version?',
  UNAUTHORIZED: 'The token is taken from ARAWN_TOKEN, or from the variable that client.token_env names.',
  LOCK_TIMEOUT: 'Another process is writing. Nothing was written; try again.',
  INDEX_REBUILDING: 'Try again in a moment.',
  LOG_FULL: 'Nothing was written. Make room and try again.',
  TRASH_ENTRY_NOT_FOUND: 'To see what is in it: arawn trash list',
  TORN_TAIL_NOT_FOUND: 'To see those that were kept: arawn doctor',
  RESTORE_CONFLICT:
    'Purge what has the id now; an export can also be put back into another data dir: --data-dir <dir>.',
  MODEL_PROFILE_UNKNOWN: 'To see all there are: arawn models',
  MODEL_KEY_MISSING: 'Set it, or choose another model: arawn models',
  MODEL_AUTH: 'The message is kept. Which variable holds the key: arawn config show',
  MODEL_RATE_LIMITED: 'The message is kept. Try again in a moment.',
  CONTEXT_TOO_LARGE: 'To see what takes the room: arawn context <ref>',
  WORKSTREAM_BUSY: 'Another answer is under way there. Try again when it is done.',
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
  return adviceFor(error.code)
}

function adviceFor(code: ErrorCode): string[] {
  const advice = ADVICE[code]
  return advice === undefined ? [] : [advice]
}
