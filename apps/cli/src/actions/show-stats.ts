import type { Counted, Statistics } from '@arawn/core/statistics'
import type { Workstream } from '@arawn/core/workstream'
import { type Desk, withManager } from '../command.js'
import { byteSize } from '../terminal/byte-size.js'
import { printableLine } from '../terminal/printable.js'
import { relativeTime } from '../terminal/relative-time.js'
import { shortId } from '../terminal/short-id.js'
import { renderTable } from '../terminal/table.js'
import { titleOf } from '../terminal/title-of.js'

export async function showStats(desk: Desk, [ref]: [ref?: string]): Promise<void> {
  await withManager(desk, async (manager) => {
    const only = ref === undefined ? undefined : await manager.getWorkstream(ref)
    const stats = await manager.stats(only?.id)
    if (desk.json) return desk.printJson(stats)
    await desk.print(counts(stats, desk.world.now(), only))
    if (only === undefined && stats.busiest.length > 0)
      await desk.print(`\n${busiest(stats, desk.world.stdout.columns)}`)
  })
}

function counts(stats: Statistics, nowMs: number, only: Workstream | undefined): string {
  const { workstreams, sessions, messages, log_bytes, index_bytes, first_message_at, last_message_at } = stats
  const ago = (timestamp: string | null) =>
    timestamp === null ? 'none yet' : `${timestamp} (${relativeTime(timestamp, nowMs)})`
  const rows = [
    only === undefined ? ['workstreams', kinds(workstreams)] : ['workstream', `${titleOf(only)} (${only.id})`],
    ['sessions', kinds(sessions)],
    ['messages', kinds(messages)],
    ['logs', byteSize(log_bytes)],
    ...(only === undefined ? [['index', byteSize(index_bytes)]] : []),
    ['first message', ago(first_message_at)],
    ['last message', ago(last_message_at)],
  ]
  return rows.map(([name = '', value = '']) => `${name.padEnd(15)}${printableLine(value)}`).join('\n')
}

/** `12 (10 user, 2 assistant)`; kinds without any are left out. */
function kinds<Kind extends string>({ total, ...each }: Counted<Kind>): string {
  const there = Object.entries<number>(each).filter(([, count]) => count > 0)
  const list = there.map(([kind, count]) => `${count.toLocaleString('en')} ${kind}`)
  return `${total.toLocaleString('en')}${list.length === 0 ? '' : ` (${list.join(', ')})`}`
}

function busiest({ busiest }: Statistics, width: number | undefined): string {
  const rows = busiest.map((each) => [
    width === undefined ? each.id : shortId(each.id),
    titleOf(each),
    String(each.message_count),
  ])
  return renderTable(['BUSIEST', 'NAME', 'MESSAGES'], rows, { width, shrink: [1], numeric: [2] })
}
