import { createHash } from 'node:crypto'
import type { Again } from '@arawn/core/again'
import { WorkstreamError } from '@arawn/core/error'
import type { RouteAnswer, RouteName } from '@arawn/core/protocol'
import { snakeKeys } from '@arawn/core/wire-case'
import type { Workstream } from '@arawn/core/workstream'
import type { Page } from '@arawn/core/workstream-index'
import type { WorkstreamManager } from '@arawn/core/workstream-manager'
import type { StandsElsewhere } from '@arawn/core/workstream-operations'
import type { AnswerMemory } from '../calls/answer-memory.js'
import type { Answer, Handlers } from '../calls/handler.js'
import { listAnswer } from '../calls/list-answer.js'
import { replayedHeader } from '../calls/replayed-header.js'

type Names = Extract<RouteName, `${string}Workstream` | 'listWorkstreams'>

export function workstreamHandlers(
  manager: WorkstreamManager,
  memory: AnswerMemory,
): Handlers<Exclude<Names, 'followWorkstream' | 'exportWorkstream'>> {
  return {
    createWorkstream: async ({ body: { name, title = name, ...fields }, idempotencyKey }) => {
      const made = await manager.createWorkstream({ ...fields, title, idempotency_key: idempotencyKey })
      const headers = { location: `/api/v1/workstreams/${made.id}`, ...replayedHeader(made) }
      return versioned(made, { status: 201, headers })
    },
    listWorkstreams: async ({ query }) => {
      const { q: text, ...rest } = query
      const bytes = await memory.bytes(
        `workstreams ${JSON.stringify(query)}`,
        (again: Again<Page<Workstream>>) => manager.listWorkstreams({ ...rest, text }, again),
        (page): RouteAnswer<'listWorkstreams'> => listAnswer(page, ({ id }) => id),
      )
      return { bytes }
    },
    getWorkstream: async ({ params }) => versioned(await manager.getWorkstream(params.ref)),
    updateWorkstream: async ({ params, body: { name, title = name, ...fields }, ifMatch }) => {
      const check = (workstream: Workstream) => checkVersion(workstream, ifMatch)
      return versioned(await manager.updateWorkstream(params.ref, { ...fields, title }, { check }))
    },
    deleteWorkstream: async ({ params, query: { purge } }) => {
      if (!purge) return versioned(await manager.archiveWorkstream(params.ref))
      const { workstream, trashed, elsewhere } = await manager.purgeWorkstream(params.ref)
      const purged = { trashed: snakeKeys(trashed), elsewhere: wireElsewhere(elsewhere) }
      return { json: { ...workstream, purged } }
    },
    pauseWorkstream: async ({ params }) => versioned(await manager.pauseWorkstream(params.ref)),
    resumeWorkstream: async ({ params }) => versioned(await manager.resumeWorkstream(params.ref)),
    archiveWorkstream: async ({ params }) => versioned(await manager.archiveWorkstream(params.ref)),
    unarchiveWorkstream: async ({ params }) => versioned(await manager.unarchiveWorkstream(params.ref)),
    forkWorkstream: async ({ params, body }) => {
      const made = await manager.forkWorkstream(params.ref, body)
      return versioned(made, { status: 201, headers: { location: `/api/v1/workstreams/${made.id}` } })
    },
  }
}

function wireElsewhere({ promotedTo, promotedFrom, ...elsewhere }: StandsElsewhere) {
  return snakeKeys({
    promotedTo: promotedTo.map(snakeKeys),
    promotedFrom: promotedFrom.map(snakeKeys),
    ...elsewhere,
  })
}

function versioned<Body extends Workstream>(
  json: Body,
  { status, headers = {} }: { status?: number; headers?: Record<string, string> } = {},
): Answer<Body> {
  return { json, status, headers: { etag: etagOf(json), ...headers } }
}

/** Names what a workstream says of itself; messages that come do not change it. */
function etagOf({ title, default_model, tags, metadata, state }: Workstream): string {
  const said = JSON.stringify([title, default_model, tags, metadata, state])
  return `"${createHash('sha256').update(said).digest('base64url').slice(0, 22)}"`
}

/** @throws PRECONDITION_FAILED it is another version than the one that is meant */
function checkVersion(workstream: Workstream, expected: string | undefined): void {
  if (expected === undefined || expected.trim() === '*') return
  const actual = etagOf(workstream)
  if (expected.split(',').some((tag) => tag.trim() === actual)) return
  const message = `workstream ${workstream.id} has changed since ${expected}`
  throw new WorkstreamError('PRECONDITION_FAILED', message, { workstreamId: workstream.id, expected, actual })
}
