import type { Workstream } from '@arawn/core/workstream'
import type { WorkstreamWithSession } from '@arawn/manager/workstream-manager'
import { printableLine } from './printable.js'
import { relativeTime } from './relative-time.js'
import { renderTable } from './table.js'

export function titleOf({ title }: Pick<Workstream, 'title'>): string {
  return title ?? '(untitled)'
}

export function workstreamTable(items: readonly Workstream[], nowMs: number, width: number | undefined): string {
  const rows = items.map((item) => [
    item.id,
    `${titleOf(item)}${item.state === 'active' ? '' : ` [${item.state}]`}`,
    String(item.message_count),
    relativeTime(item.last_message_at ?? item.created_at, nowMs),
  ])
  return renderTable(['ID', 'NAME', 'MESSAGES', 'LAST USED'], rows, { width, shrink: 1, numeric: [2] })
}

export function workstreamCard(workstream: WorkstreamWithSession | Workstream, nowMs: number): string {
  const lines: [string, string][] = [
    ['id', workstream.id],
    ['title', titleOf(workstream)],
    ['state', workstream.state],
    ['messages', String(workstream.message_count)],
    ['created', `${workstream.created_at} (${relativeTime(workstream.created_at, nowMs)})`],
  ]
  if (workstream.last_message_at !== null)
    lines.push(['last used', `${workstream.last_message_at} (${relativeTime(workstream.last_message_at, nowMs)})`])
  if (workstream.default_model !== null) lines.push(['model', workstream.default_model])
  if (workstream.tags.length > 0) lines.push(['tags', workstream.tags.join(', ')])
  if (Object.keys(workstream.metadata).length > 0) lines.push(['metadata', JSON.stringify(workstream.metadata)])
  if (workstream.summary !== null) lines.push(['summary', workstream.summary])
  if ('active_session' in workstream && workstream.active_session !== null) {
    const { id, started_at, message_count } = workstream.active_session
    lines.push(['session', `${id}, ${message_count} messages, since ${relativeTime(started_at, nowMs)}`])
  }
  return lines.map(([name, value]) => `${name.padEnd(10)}${printableLine(value)}`).join('\n')
}
