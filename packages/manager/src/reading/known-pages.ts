import { hasCode } from '@arawn/core/error'
import type { WorkstreamId } from '@arawn/core/id'
import type { LogStore } from '@arawn/core/log-store'
import type { MessagePage } from '@arawn/core/message-operations'
import type { IndexHeads, WorkstreamIndex } from '@arawn/core/workstream-index'
import { isLevel } from '../catch-up/catch-up.js'
import { type PageQuery, readMessagePage } from './read-messages.js'

/**
 * Pages whose callers keep them and ask again. To see that one still holds takes a third of the time that it takes to make it
 * anew: nobody has committed, the logs have no more than the index, and the bytes that it was made of are the same.
 */
export interface KnownPages {
  read(workstreamId: WorkstreamId, query: PageQuery): Promise<MessagePage>
  /**
   * Whether it is what would be read now, of an index that is ready. No when that is not certain.
   *
   * @throws INDEX_UNUSABLE
   */
  holds(page: MessagePage, workstreamId: string, query: PageQuery): Promise<boolean>
}

interface Known {
  readonly workstreamId: WorkstreamId
  readonly query: string
  /** Of the index, right before its rows were asked. */
  readonly version: string
  readonly heads: IndexHeads | undefined
  readonly offset: number
  readonly bytes: Uint8Array
}

export function createKnownPages({ log, index }: { log: LogStore; index: WorkstreamIndex }): KnownPages {
  const known = new WeakMap<MessagePage, Known>()

  return {
    async read(workstreamId, query) {
      const version = await index.version()
      const heads = await index.heads(workstreamId)
      const { page, offset, bytes } = await readMessagePage({ rows: index, log }, workstreamId, query)
      known.set(page, { workstreamId, query: JSON.stringify(query), version, heads, offset, bytes })
      return page
    },
    async holds(page, workstreamId, query) {
      const then = known.get(page)
      // A title may come to mean another workstream: only ids are taken.
      if (then?.workstreamId !== workstreamId || then.query !== JSON.stringify(query)) return false
      if ((await index.version()) !== then.version) return false
      return logsHold(then).catch((error: unknown) => {
        if (hasCode(error, 'LOG_READ_FAILED')) return false
        throw error
      })
    },
  }

  async function logsHold({ workstreamId, heads, offset, bytes }: Known): Promise<boolean> {
    const now = await log.measure(workstreamId)
    if (now === undefined || !isLevel(heads, now)) return false
    const read = await log.readRange(workstreamId, 'messages', offset, bytes.byteLength)
    return Buffer.compare(read, bytes) === 0
  }
}
