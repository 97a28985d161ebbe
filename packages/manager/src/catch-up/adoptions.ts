import type { WorkstreamId } from '@arawn/core/id'
import { decodeLine } from '@arawn/core/line'
import type { LogHeads, LogStore } from '@arawn/core/log-store'
import type { Stamp } from '@arawn/core/stamp'
import type { IndexHeads } from '@arawn/core/workstream-index'

/** The stamps of messages that were written by hand: a `log_adopted` record gives them, or they are given now. */
export interface Adoptions {
  stampOf(sequence: number): Stamp
  /** Lines that nobody had adopted before, as closed intervals with their new stamp. */
  fresh(): { first: number; last: number; stamp: Stamp }[]
}

/** Where they come from: what is adopted comes after all that is in the log that says so. */
export interface AdoptionStamps {
  next(): Stamp
  saw(stamp: Stamp): void
}

/**
 * Reads which lines were adopted already.
 *
 * @param stamps undefined when nothing may be adopted now: such lines then count as no later than what precedes them
 */
export async function readAdoptions(
  log: LogStore,
  workstreamId: WorkstreamId,
  { from, to }: { from: IndexHeads; to: LogHeads },
  stamps: AdoptionStamps | undefined,
): Promise<Adoptions> {
  const known: { first: number; last: number; stamp: Stamp }[] = []
  const fresh: { first: number; last: number; stamp: Stamp }[] = []
  if (to.messages.bytes > from.messages.bytes)
    for await (const lines of log.read(workstreamId, 'workstream', 0, to.workstream.bytes))
      for (const { bytes } of lines) {
        const line = decodeLine('workstream', new TextDecoder().decode(bytes))
        if (line.kind === 'record') stamps?.saw(line.record.stamp)
        if (line.kind === 'record' && line.record.type === 'log_adopted' && line.record.log === 'messages')
          known.push({
            first: line.record.first_sequence,
            last: line.record.last_sequence,
            stamp: line.record.stamp,
          })
      }
  return {
    stampOf(sequence) {
      const adopted = known.find(({ first, last }) => first <= sequence && sequence <= last)
      if (adopted !== undefined) return adopted.stamp
      if (stamps === undefined) {
        fresh.push({ first: sequence, last: sequence, stamp: 0 })
        return 0
      }
      const run = fresh.at(-1)
      if (run !== undefined && run.last === sequence - 1) {
        run.last = sequence
        return run.stamp
      }
      const stamp = stamps.next()
      fresh.push({ first: sequence, last: sequence, stamp })
      return stamp
    },
    fresh: () => fresh,
  }
}
