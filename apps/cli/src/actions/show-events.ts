import type { WorkstreamEvent } from '@arawn/core/workstream-event'
import { type Desk, withManager } from '../command.js'
import { fit } from '../terminal/fit.js'
import { printableLine } from '../terminal/printable.js'
import { turnFailure } from '../terminal/turn-failure.js'
import { follow } from './follow.js'

interface EventsOptions {
  readonly since?: string
  readonly workstream?: string
}

export async function showEvents(desk: Desk, _args: [], { since, workstream }: EventsOptions): Promise<void> {
  await withManager(desk, async (manager) => {
    for await (const event of follow(desk, manager, { since, workstream })) {
      if (desk.json) await desk.printJson(event)
      else await desk.print(eventLine(desk, event))
    }
  })
}

/** An event for people: when, where and what; of a message only the beginning. */
function eventLine({ world }: Desk, event: WorkstreamEvent): string {
  const { timestamp } = event.type === 'message.created' ? event.message : event.record
  const line = [timestamp, event.workstream_id, event.type, detail(event)].map(printableLine).join('  ')
  const { columns } = world.stdout
  return columns === undefined ? line : fit(line, columns)
}

// More than a line of a terminal.
const BEGINNING_CHARACTERS = 500

function detail(event: WorkstreamEvent): string {
  switch (event.type) {
    case 'message.created':
      return `${event.message.role}: ${event.message.content.slice(0, BEGINNING_CHARACTERS)}`
    case 'workstream.created':
      return event.record.title ?? ''
    case 'workstream.updated':
      return Object.keys(event.record.changes).join(', ')
    case 'workstream.state_changed':
      return event.record.state
    case 'workstream.resync':
      return 'lines from before have come: read it again'
    case 'session.opened':
      return event.record.id
    case 'session.closed':
      return `${event.record.id} (${event.record.reason})`
    case 'session.summarized':
    case 'workstream.summarized':
      return event.record.summary.slice(0, BEGINNING_CHARACTERS)
    case 'turn.started':
      return event.record.interaction_id
    case 'turn.completed':
    case 'turn.failed':
    case 'turn.cancelled':
      return `${event.record.interaction_id} (${event.record.status === 'ok' ? 'ok' : turnFailure(event.record)})`
    case 'compression.degraded':
      return event.record.outcome
    case 'compression.started':
      return `${event.record.keys.length} in batch ${event.record.id}`
    case 'compression.completed':
      return `batch ${event.record.id} (${event.record.outcome})`
    case 'promotion.started':
      return `to ${event.record.target_id}`
    case 'workstream.promoted':
      return event.record.id
  }
}
