import type { WorkstreamId } from '@arawn/core/id'
import { importedKey } from '@arawn/core/import-source'
import { decideImport, type ImportState } from '@arawn/engine/import-decisions'
import type { ImportedMessage } from '@arawn/engine/imported-conversation'
import { decideCreate, decideSource, refuseArchived } from '@arawn/engine/workstream-decisions'
import { importSchema } from '../input/input-schemas.js'
import { parseInput } from '../input/parse-input.js'
import { workstreamNotFound } from '../reading/reference.js'
import type { ImportConversationInput, WorkstreamManager } from '../workstream-manager.js'
import type { Desk } from './desk.js'

type Operations = Pick<WorkstreamManager, 'importConversation'>

// One commit takes this many messages: other writers get their turn between two of them.
const BATCH_MESSAGES = 500

export function createImportOperations(
  { index, ids, queue, ask, read }: Desk,
  { sessionTimeoutMs }: { sessionTimeoutMs: number },
): Operations {
  /** Finds or makes the workstream and remembers in its log where the conversation came from. */
  async function target({
    source,
    title = null,
    into,
  }: ImportConversationInput): Promise<{ id: WorkstreamId; created: boolean }> {
    const { format, conversation_id } = source
    const known = await ask(() => index.workstreamBySource(format, conversation_id))
    if (known !== undefined) return { id: known, created: false }
    const chosen = into === undefined ? undefined : await read(into, async ({ id }) => id)
    const id = chosen ?? ids.next('ws')
    return queue.commit({
      workstreamId: id,
      decide: async ({ context, standing, rows }) => {
        // Somebody else may have taken it in since we asked.
        const meanwhile = await (await rows()).workstreamBySource(format, conversation_id)
        if (meanwhile !== undefined) return { records: [], answer: () => ({ id: meanwhile, created: false }) }
        const { workstream } = await standing()
        if (workstream !== undefined) refuseArchived(workstream)
        const records =
          workstream === undefined
            ? decideCreate(undefined, { id, title, source }, context)
            : [decideSource(source, context)]
        return { records, answer: () => ({ id, created: workstream === undefined }) }
      },
    })
  }

  /** Adds what is not there yet. One batch is one commit, so a crash in between leaves whole batches. */
  async function addBatch(id: WorkstreamId, conversationId: string, batch: readonly ImportedMessage[]) {
    return queue.commit({
      workstreamId: id,
      decide: async ({ context, rows, standing }) => {
        const { workstream } = await standing()
        if (workstream === undefined) throw workstreamNotFound(id)
        refuseArchived(workstream)
        const reader = await rows()
        const keys = batch.map(({ key }) => importedKey(conversationId, key))
        const there = await reader.importedKeys(id, keys)
        const isNew = new Set(keys.filter((key) => !there.has(key)))
        const messages = batch.filter(({ key }) => isNew.delete(importedKey(conversationId, key)))
        const last = await reader.lastImportedSession(id)
        const lastSession: ImportState['lastSession'] =
          last?.ended_at == null ? undefined : { id: last.id, endedMs: Date.parse(last.ended_at) }
        const decided = decideImport({ conversationId, lastSession }, messages, { idleMs: sessionTimeoutMs }, context)
        return { records: decided.records, answer: () => ({ added: messages.length, opened: decided.opened }) }
      },
    })
  }

  return {
    importConversation: async (input) => {
      const parsed = parseInput(importSchema, input)
      const { id, created } = await target(parsed)
      let added = 0
      let sessions = 0
      for (let start = 0; start < parsed.messages.length; start += BATCH_MESSAGES) {
        const batch = parsed.messages.slice(start, start + BATCH_MESSAGES)
        const done = await addBatch(id, parsed.source.conversation_id, batch)
        added += done.added
        sessions += done.opened
      }
      const workstream = await read(id, async (found) => found)
      return { workstream, created, added, alreadyThere: parsed.messages.length - added, sessions }
    },
  }
}
