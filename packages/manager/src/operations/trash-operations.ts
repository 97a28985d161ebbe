import { hasCode } from '@arawn/core/error'
import type { WorkstreamId } from '@arawn/core/id'
import { decodeLine } from '@arawn/core/line'
import type { LogStore, TrashedWorkstream } from '@arawn/core/log-store'
import type { TrashEntry } from '@arawn/core/trash-operations'
import type { Workstream } from '@arawn/core/workstream'
import type { IndexReader, Promotion } from '@arawn/core/workstream-index'
import type { WorkstreamManager } from '@arawn/core/workstream-manager'
import type { PromotedMessages, StandsElsewhere } from '@arawn/core/workstream-operations'
import { coveredCount } from '@arawn/engine/coverage'
import { refusePurge } from '@arawn/engine/workstream-decisions'
import { emptyTrashSchema } from '../input/input-schemas.js'
import { parseInput } from '../input/parse-input.js'
import type { CompletePromotion } from '../promotion/complete-promotion.js'
import { workstreamNotFound } from '../reading/reference.js'
import { entryNamed, entryNotFound } from '../reading/trash-reference.js'
import type { Desk } from './desk.js'

type Operations = Pick<
  WorkstreamManager,
  'purgeWorkstream' | 'listTrash' | 'findInTrash' | 'restoreFromTrash' | 'emptyTrash'
>

export function createTrashOperations(
  { log, index, clock, queue, care, read }: Desk,
  { complete }: { complete: CompletePromotion },
): Operations {
  async function listTrash(): Promise<TrashEntry[]> {
    const entries = await log.listTrash()
    return Promise.all(entries.map(async (entry) => ({ ...entry, title: await titleInTrash(log, entry.name) })))
  }

  return {
    purgeWorkstream: async (reference) => {
      const { id } = await read(reference, async (workstream) => workstream)
      // Whoever completed it later would make the target anew.
      for (const promotion of await index.pendingPromotions()) if (promotion.target_id === id) await complete(promotion)
      return queue.move({
        workstreamId: id,
        move: async ({ rows }, writer) => {
          const reader = await rows()
          const workstream = await reader.workstream(id)
          if (workstream === undefined) throw workstreamNotFound(reference)
          refusePurge(workstream)
          const elsewhere = await standsElsewhere(reader, workstream)
          const trashed = await writer.trash(id)
          if (trashed === undefined) throw workstreamNotFound(reference)
          return { workstream, trashed, elsewhere }
        },
      })
    },

    listTrash,

    findInTrash: async (reference) => entryNamed(await listTrash(), reference, 'only'),

    restoreFromTrash: async (reference) => {
      const { name, workstreamId } = entryNamed(await listTrash(), reference, 'newest')
      if (!care.wasReady()) await care.ready()
      await queue.move({ workstreamId, move: (_scene, writer) => writer.restoreTrash(name) })
      return read(workstreamId, async (workstream) => workstream)
    },

    emptyTrash: async (which = {}) => {
      const wanted = parseInput(emptyTrashSchema, which)
      const entries = await log.listTrash()
      if (typeof wanted === 'string') {
        const entry = entries.find(({ name }) => name === wanted)
        if (entry === undefined || !(await log.deleteTrash(wanted))) throw entryNotFound(wanted)
        return [entry]
      }
      const { olderThanMs = 0 } = wanted
      const deleted: TrashedWorkstream[] = []
      for (const entry of entries) {
        // A clock that was set back makes nothing younger than new.
        const ageMs = Math.max(0, clock.nowMs() - entry.trashedAtMs)
        if (ageMs >= olderThanMs && (await log.deleteTrash(entry.name))) deleted.push(entry)
      }
      return deleted
    },
  }
}

async function standsElsewhere(rows: IndexReader, { id, forked_from }: Workstream): Promise<StandsElsewhere> {
  const promotions = await rows.promotionsOf(id)
  return {
    promotedTo: countBy(promotions, (promotion) => (promotion.workstream_id === id ? promotion.target_id : undefined)),
    promotedFrom: countBy(promotions, (promotion) =>
      promotion.workstream_id === id ? undefined : promotion.workstream_id,
    ),
    forks: await rows.forksOf(id),
    forkedFrom: forked_from,
  }
}

function countBy(
  promotions: readonly Promotion[],
  placeOf: (promotion: Promotion) => WorkstreamId | undefined,
): PromotedMessages[] {
  const counts = new Map<WorkstreamId, number>()
  for (const promotion of promotions) {
    const place = placeOf(promotion)
    if (place === undefined) continue
    counts.set(place, (counts.get(place) ?? 0) + coveredCount(promotion.coverage))
  }
  return [...counts].map(([workstreamId, messages]) => ({ workstreamId, messages }))
}

/** The index forgets what is in the trash, so its log says it. One that cannot be read has no title. */
async function titleInTrash(log: LogStore, name: string): Promise<string | null> {
  let title: string | null = null
  try {
    for await (const lines of log.readTrash(name, 'workstream'))
      for (const { bytes } of lines) {
        const line = decodeLine('workstream', new TextDecoder().decode(bytes))
        if (line.kind !== 'record') continue
        if (line.record.type === 'workstream_created') title = line.record.title
        else if (line.record.type === 'workstream_updated' && line.record.changes.title !== undefined)
          title = line.record.changes.title
      }
  } catch (error) {
    if (!hasCode(error, 'LOG_READ_FAILED')) throw error
  }
  return title
}
