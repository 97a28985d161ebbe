import { WorkstreamError } from '@arawn/core/error'
import { EXIT, exitCodes } from './exit-code.js'
import { coloursFor } from './terminal/colours.js'
import { printable } from './terminal/printable.js'
import type { World } from './world.js'

/** Says what went wrong, in a sentence or as JSON, and gives the exit code. Never a stack trace, unless ARAWN_DEBUG asks. */
export async function fail(world: World, error: unknown, { json }: { json: boolean }): Promise<number> {
  const known: WorkstreamError | undefined = error instanceof WorkstreamError ? error : undefined
  if (json) {
    const { code, message, details } = known ?? { code: 'INTERNAL', message: String(error), details: {} }
    await world.stderr.write(`${JSON.stringify({ error: { code, message, details } })}\n`)
  } else {
    const { red } = coloursFor(world.stderr, world, true)
    const message = known?.message ?? `something unexpected happened: ${error instanceof Error ? error.message : error}`
    await world.stderr.write(`${red('arawn:')} ${printable(message)}\n`)
    for (const hint of known === undefined ? [] : hints(known)) await world.stderr.write(`  ${printable(hint)}\n`)
  }
  if (world.env.ARAWN_DEBUG === '1' && error instanceof Error) await world.stderr.write(`${error.stack}\n`)
  return known === undefined ? EXIT.internal : exitCodes[known.code]
}

function hints({ code, details }: WorkstreamError): string[] {
  if (code === 'WORKSTREAM_NOT_FOUND' && 'suggestions' in details && details.suggestions.length > 0)
    return [`Did you mean ${details.suggestions.map((name) => `"${name}"`).join(' or ')}?`]
  if (code === 'WORKSTREAM_AMBIGUOUS' && 'candidates' in details)
    return details.candidates.map(({ id, title }) => `${id}  ${title ?? ''}`)
  if (code === 'WORKSTREAM_ARCHIVED' && 'workstreamId' in details)
    return [`To go on with it: arawn workstream unarchive ${details.workstreamId}`]
  if (code === 'EXPORT_TARGET_EXISTS') return ['--force overwrites it.']
  if (code === 'LOCK_TIMEOUT') return ['Another process is writing. Try again.']
  return []
}
