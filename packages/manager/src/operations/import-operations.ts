import type { WorkstreamId } from '@arawn/core/id'
import type { ImportedMessage } from '@arawn/core/import-source'
import { importedKey } from '@arawn/core/import-source'
import type { Idempotency } from '@arawn/core/message'
import type { Stamp } from '@arawn/core/stamp'
import type { ImportConversationInput } from '@arawn/core/transfer-operations'
import type { IdempotentRequest } from '@arawn/core/workstream-index'
import type { WorkstreamManager } from '@arawn/core/workstream-manager'
import { decideImport, type ImportState } from '@arawn/engine/import-decisions'
import { decideCreate, decideSource, refuseArchived } from '@arawn/engine/workstream-decisions'
import { readRecord } from '../idempotency/first-answer.js'
import { replayed } from '../idempotency/replays.js'
import { findRepeated, requestKey } from '../idempotency/request-key.js'
import { importSchema } from '../input/input-schemas.js'
import { parseInput } from '../input/parse-input.js'
import { workstreamNotFound } from '../reading/reference.js'
import type { Desk } from './desk.js'

type Operations = Pick<WorkstreamManager, 'importConversation'>

interface Target {
  readonly id: WorkstreamId
  readonly created: boolean
  /** The stamp of the record that remembers the request. */
  readonly firstStamp: Stamp
  /** Its key was known: the first request has done it. */
  readonly isRepeat: boolean
}

// One commit takes this many messages: other writers get their turn between two of them.
const BATCH_MESSAGES = 500

export function createImportOperations(
  { index, log, ids, queue, ask, read }: Desk,
  { sessionTimeoutMs }: { sessionTimeoutMs: number },
): Operations {
  /** Finds or makes the workstream and remembers in its log where the conversation came from. */
  async function target(
    { source, title = null, into }: ImportConversationInput,
    idempotency: Idempotency | undefined,
  ): Promise<Target> {
    const { format, conversation_id } = source
    const repeated = await ask(() => findRepeated(index, '', idempotency))
    if (repeated !== undefined) return firstTarget(repeated)
    const known = await ask(() => index.workstreamBySource(format, conversation_id))
    if (known !== undefined && idempotency === undefined)
      return { id: known, created: false, firstStamp: 0, isRepeat: false }
    const chosen = known ?? (into === undefined ? undefined : await read(into, async ({ id }) => id))
    const id = chosen ?? ids.next('ws')
    return queue.commit({
      workstreamId: id,
      once: idempotency?.key,
      decide: async ({ context, standing, rows }) => {
        const reader = await rows()
        // Somebody else may have taken it in since we asked.
        const meanwhile = await reader.workstreamBySource(format, conversation_id)
        const repeatedMeanwhile = await findRepeated(reader, '', idempotency)
        if (repeatedMeanwhile !== undefined) {
          const first = await firstTarget(repeatedMeanwhile)
          return { records: [], answer: () => first }
        }
        if (meanwhile !== undefined && (meanwhile !== id || idempotency === undefined))
          return { records: [], answer: () => ({ id: meanwhile, created: false, firstStamp: 0, isRepeat: false }) }
        const { workstream } = await standing()
        // It was there a moment ago, and what was purged meanwhile does not come back.
        if (workstream === undefined && into !== undefined) throw workstreamNotFound(into)
        if (workstream !== undefined) refuseArchived(workstream)
        const records =
          workstream === undefined
            ? decideCreate(undefined, { id, title, source, idempotency }, context)
            : [decideSource({ source, idempotency }, context)]
        const firstStamp = records[0]?.record.stamp ?? 0
        return { records, answer: () => ({ id, created: workstream === undefined, firstStamp, isRepeat: false }) }
      },
    })
  }

  /** Where a repeated request went. It goes on where the first one may have been interrupted. */
  async function firstTarget(repeated: IdempotentRequest): Promise<Target> {
    const { workstream_id: id, log: name, sequence } = repeated
    const record = await readRecord(log, id, name, sequence)
    return { id, created: record?.type === 'workstream_created', firstStamp: record?.stamp ?? 0, isRepeat: true }
  }

  /** Adds what is not there yet. One batch is one commit, so a crash in between leaves whole batches. */
  async function addBatch(
    id: WorkstreamId,
    conversationId: string,
    batch: readonly ImportedMessage[],
    isKeyed: boolean,
  ) {
    return queue.commit({
      workstreamId: id,
      decide: async ({ context, rows, standing }) => {
        const { workstream } = await standing()
        if (workstream === undefined) throw workstreamNotFound(id)
        const reader = await rows()
        const keys = batch.map(({ key }) => importedKey(conversationId, key))
        const there = await reader.importedKeys(id, keys)
        const isNew = new Set(keys.filter((key) => !there.has(key)))
        const messages = batch.filter(({ key }) => isNew.delete(importedKey(conversationId, key)))
        // A repeat of what was done is told so, whatever became of the workstream since.
        if (messages.length > 0 || !isKeyed) refuseArchived(workstream)
        const last = await reader.lastImportedSession(id)
        const lastSession: ImportState['lastSession'] =
          last?.ended_at == null
            ? undefined
            : { id: last.id, startedMs: Date.parse(last.started_at), endedMs: Date.parse(last.ended_at) }
        const decided = decideImport({ conversationId, lastSession }, messages, { idleMs: sessionTimeoutMs }, context)
        return { records: decided.records, answer: () => ({ added: messages.length, opened: decided.opened }) }
      },
    })
  }

  return {
    importConversation: async (input) => {
      const parsed = parseInput(importSchema, input)
      const { idempotency_key, ...asked } = parsed
      const idempotency = requestKey(idempotency_key, 'import', asked)
      const { id, created, firstStamp, isRepeat } = await target(parsed, idempotency)
      let added = 0
      let sessions = 0
      for (let start = 0; start < parsed.messages.length; start += BATCH_MESSAGES) {
        const batch = parsed.messages.slice(start, start + BATCH_MESSAGES)
        const done = await addBatch(id, parsed.source.conversation_id, batch, idempotency !== undefined)
        added += done.added
        sessions += done.opened
      }
      return read(id, async (workstream) => {
        if (idempotency !== undefined) {
          // Counted from what is there, so that a repeat is told what the first one did.
          const keys = parsed.messages.map(({ key }) => importedKey(parsed.source.conversation_id, key))
          const done = await index.importedSince(id, keys, firstStamp)
          added = done.messages
          sessions = done.sessions
        }
        const report = { workstream, created, added, alreadyThere: parsed.messages.length - added, sessions }
        return isRepeat ? replayed(report) : report
      })
    },
  }
}
