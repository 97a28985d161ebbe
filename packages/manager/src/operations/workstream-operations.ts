import { SCRATCH_ID } from '@arawn/core/id'
import type { Workstream } from '@arawn/core/workstream'
import type { Page } from '@arawn/core/workstream-index'
import type { WorkstreamManager } from '@arawn/core/workstream-manager'
import type { DecidedRecord, DecisionContext } from '@arawn/engine/decision'
import type { ActiveSession } from '@arawn/engine/session-decisions'
import {
  decideArchive,
  decideChange,
  decideCreate,
  decideResume,
  decideState,
  decideUnarchive,
  type NewWorkstream,
} from '@arawn/engine/workstream-decisions'
import { firstWorkstream } from '../idempotency/first-answer.js'
import { replayed } from '../idempotency/replays.js'
import { findRepeated, requestKey } from '../idempotency/request-key.js'
import { createSchema, listWorkstreamsSchema, updateSchema } from '../input/input-schemas.js'
import { invalidInput, parseInput } from '../input/parse-input.js'
import { workstreamNotFound } from '../reading/reference.js'
import type { Desk } from './desk.js'

type Operations = Pick<
  WorkstreamManager,
  | 'createWorkstream'
  | 'getWorkstream'
  | 'listWorkstreams'
  | 'updateWorkstream'
  | 'pauseWorkstream'
  | 'resumeWorkstream'
  | 'archiveWorkstream'
  | 'unarchiveWorkstream'
>

export function createWorkstreamOperations(desk: Desk): Operations {
  const { index, log, ids, care, queue, ask, read, write } = desk
  /** What lists were made of, and for which question. */
  const versions = new WeakMap<Page<Workstream>, string>()

  async function change(
    reference: string,
    decide: (workstream: Workstream, context: DecisionContext, active: ActiveSession | undefined) => DecidedRecord[],
  ): Promise<Workstream> {
    return write(reference, {
      decide: async ({ context, standing }) => {
        const { workstream, activeSession } = await standing()
        if (workstream === undefined) throw workstreamNotFound(reference)
        return {
          records: decide(workstream, context, activeSession),
          answer: async (rows) => (await (await rows()).workstream(workstream.id)) ?? workstream,
        }
      },
    })
  }

  return {
    createWorkstream: async (input = {}) => {
      const parsed = parseInput(createSchema, input)
      if (parsed.id === SCRATCH_ID) throw invalidInput('id', `"${SCRATCH_ID}" is kept for the scratch workstream`)
      await care.ready()
      const { idempotency_key, ...asked } = parsed
      const idempotency = requestKey(idempotency_key, 'create', asked)
      const wanted: NewWorkstream = {
        idempotency,
        ...asked,
        id: asked.id ?? ids.next('ws'),
        title: asked.title ?? null,
      }
      return queue.commit({
        workstreamId: wanted.id,
        once: idempotency_key,
        decide: async ({ context, standing, rows }) => {
          const repeated = idempotency && (await findRepeated(await rows(), '', idempotency))
          if (repeated !== undefined) {
            const first = await firstWorkstream(log, repeated)
            return { records: [], answer: () => replayed(first) }
          }
          return {
            records: decideCreate((await standing()).workstream, wanted, context),
            answer: async (after) => {
              const workstream = await (await after()).workstream(wanted.id)
              if (workstream === undefined) throw workstreamNotFound(wanted.id)
              return workstream
            },
          }
        },
      })
    },

    getWorkstream: (reference) =>
      read(reference, async (workstream) => ({
        ...workstream,
        active_session: (await index.activeSession(workstream.id)) ?? null,
      })),

    listWorkstreams: async (query = {}, again = undefined) => {
      const parsed = parseInput(listWorkstreamsSchema, query)
      if (again === undefined) return ask(() => index.workstreams(parsed))
      return ask(async () => {
        // Before the rows: whatever is committed meanwhile makes another version.
        const version = `${await index.version()} ${JSON.stringify(parsed)}`
        if (again.last !== undefined && versions.get(again.last) === version) return again.last
        const page = await index.workstreams(parsed)
        versions.set(page, version)
        return page
      })
    },

    updateWorkstream: async (reference, changes, { check } = {}) => {
      const parsed = parseInput(updateSchema, changes)
      return change(reference, (workstream, context, active) => {
        check?.(workstream)
        return decideChange(workstream, parsed, active, context)
      })
    },

    pauseWorkstream: (reference) =>
      change(reference, (workstream, context) => decideState(workstream, 'paused', context)),
    resumeWorkstream: (reference) => change(reference, decideResume),
    archiveWorkstream: (reference) =>
      change(reference, (workstream, context, active) => decideArchive(workstream, active, context)),
    unarchiveWorkstream: (reference) => change(reference, decideUnarchive),
  }
}
