import type { Workstream } from '@arawn/core/workstream'
import { relativeTime } from './relative-time.js'
import { shortId } from './short-id.js'
import { renderTable } from './table.js'
import { titleOf } from './title-of.js'

/** On a terminal ids are shortened: they have to be typed, not cut out by a program. */
export function workstreamTable(items: readonly Workstream[], nowMs: number, width: number | undefined): string {
  const rows = items.map((item) => [
    width === undefined ? item.id : shortId(item.id),
    `${titleOf(item)}${item.state === 'active' ? '' : ` [${item.state}]`}`,
    String(item.message_count),
    relativeTime(item.last_message_at ?? item.created_at, nowMs),
  ])
  return renderTable(['ID', 'NAME', 'MESSAGES', 'LAST USED'], rows, { width, shrink: [1], numeric: [2] })
}
