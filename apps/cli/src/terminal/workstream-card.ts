import type { Workstream } from '@arawn/core/workstream'
import type { WorkstreamWithSession } from '@arawn/core/workstream-operations'
import { counted } from './counted.js'
import { printableLine } from './printable.js'
import { relativeTime } from './relative-time.js'
import { titleOf } from './title-of.js'

/** All that is known of one workstream, a field a line; fields without a value are left out. */
export function workstreamCard(workstream: WorkstreamWithSession | Workstream, nowMs: number): string {
  const ago = (timestamp: string) => `${timestamp} (${relativeTime(timestamp, nowMs)})`
  const { id, state, message_count, created_at, last_message_at, default_model, tags, metadata, summary, forked_from } =
    workstream
  const session = 'active_session' in workstream ? workstream.active_session : null
  const lines: [string, string][] = [
    ['id', id],
    ['title', titleOf(workstream)],
    ['state', state],
    ['messages', String(message_count)],
    ['created', ago(created_at)],
  ]
  if (last_message_at !== null) lines.push(['last used', ago(last_message_at)])
  if (default_model !== null) lines.push(['model', default_model])
  if (tags.length > 0) lines.push(['tags', tags.join(', ')])
  if (Object.keys(metadata).length > 0) lines.push(['metadata', JSON.stringify(metadata)])
  if (forked_from !== null)
    lines.push(['fork of', `${forked_from.workstream_id}, up to ${forked_from.message_id ?? 'its beginning'}`])
  if (summary !== null) lines.push(['summary', summary])
  if (session !== null)
    lines.push([
      'session',
      `${session.id}, ${counted(session.message_count, 'message')}, since ${relativeTime(session.started_at, nowMs)}`,
    ])
  return lines.map(([name, value]) => `${name.padEnd(10)}${printableLine(value)}`).join('\n')
}
