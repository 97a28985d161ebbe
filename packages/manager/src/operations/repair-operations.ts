import { WorkstreamError } from '@arawn/core/error'
import type { LoggedMessage } from '@arawn/core/line'
import type { QuarantinedTail } from '@arawn/core/log-store'
import type { RepairStep, VerifyReport } from '@arawn/core/maintenance-operations'
import type { IndexReader } from '@arawn/core/workstream-index'
import type { WorkstreamManager } from '@arawn/core/workstream-manager'
import {
  completeMessage,
  decideRestoredMessage,
  messagesInTail,
  type TailPlace,
} from '@arawn/engine/torn-tail-decisions'
import { refuseArchived } from '@arawn/engine/workstream-decisions'
import { type VerifyParts, verifyAll } from '../index-care/verify-all.js'
import { invalidInput } from '../input/parse-input.js'
import { workstreamNotFound } from '../reading/reference.js'
import type { Desk } from './desk.js'

type Operations = Pick<WorkstreamManager, 'repair' | 'restoreTornTail'>

export function createRepairOperations(desk: Desk, parts: VerifyParts): Operations {
  const { lockTimeoutMs } = parts
  const { log, index, care, queue, ask } = desk

  async function removeLeftovers(): Promise<RepairStep[]> {
    const writer = await log.lock(lockTimeoutMs)
    try {
      const removed = [...(await index.removeLeftovers()), ...(await writer.removeLeftovers())]
      return removed.map((path) => ({ workstream_id: null, kind: 'leftover_removed', done: `removed ${path}` }))
    } finally {
      writer.release()
    }
  }

  /** Each workstream that is not level, then the index as a whole when it is wrong. */
  async function mend({ problems }: VerifyReport): Promise<RepairStep[]> {
    const done: RepairStep[] = []
    const uneven = problems.filter(({ kind }) => kind === 'index_behind' || kind === 'index_ahead')
    for (const id of new Set(uneven.flatMap(({ workstream_id }) => workstream_id ?? []))) {
      await queue.catchUp(id)
      done.push({ workstream_id: id, kind: 'levelled', done: `brought the index level with the logs of ${id}` })
    }
    if (problems.some(({ kind }) => kind === 'index_unsound' || kind === 'index_differs')) {
      await care.rebuild()
      done.push({ workstream_id: null, kind: 'index_rebuilt', done: 'built the index anew from the logs' })
    }
    return done
  }

  async function findTail(name: string): Promise<{ tail: QuarantinedTail; messages: LoggedMessage[] }> {
    const tail = (await log.listQuarantine()).find((kept) => kept.name === name)
    const bytes = tail === undefined ? undefined : await log.readQuarantine(name)
    if (tail === undefined || bytes === undefined)
      throw new WorkstreamError('TORN_TAIL_NOT_FOUND', `the quarantine holds no torn tail by the name ${name}`, {
        name,
      })
    const messages = messagesInTail(tail.log, bytes)
    if (messages.length === 0) throw invalidInput('name', 'no complete message is in this torn tail')
    return { tail, messages }
  }

  /** Those that nobody has written since, be it the sender once more or an earlier restore. */
  async function missing(rows: IndexReader, messages: readonly LoggedMessage[], place: TailPlace) {
    const found = new Map<string, ReturnType<typeof completeMessage>>()
    for (const [nth, message] of messages.entries()) {
      const complete = completeMessage(message, nth, place)
      const { key } = message.idempotency ?? {}
      const isThere =
        (await rows.message(place.workstreamId, complete.id)) !== undefined ||
        (key !== undefined && (await rows.idempotentRequest(place.workstreamId, key)) !== undefined)
      if (!isThere) found.set(complete.id, complete)
    }
    return [...found.values()]
  }

  return {
    repair: async () => {
      const verify = () => ask(() => verifyAll(desk, parts))
      const removed = await removeLeftovers()
      const before = await verify()
      const mended = await mend(before)
      return { done: [...removed, ...mended], report: mended.length === 0 ? before : await verify() }
    },

    restoreTornTail: async (name) => {
      const { tail, messages } = await findTail(name)
      const { workstreamId } = tail
      await care.ready()
      return queue.commit({
        workstreamId,
        decide: async ({ context, standing, rows }) => {
          const { workstream } = await standing()
          if (workstream === undefined) throw workstreamNotFound(workstreamId)
          refuseArchived(workstream)
          const reader = await rows()
          const last = (await reader.messages({ workstreamId, limit: 1, includePromoted: true })).items[0]
          const added = await missing(reader, messages, { workstreamId, name, lastSessionId: last?.session_id })
          return {
            records: added.map((message) => decideRestoredMessage(message, context)),
            answer: () => ({
              workstreamId,
              added: added.map(({ id }) => id),
              alreadyThere: messages.length - added.length,
            }),
          }
        },
      })
    },
  }
}
