import type { Session } from '@arawn/core/session'
import { printableLine } from './printable.js'
import { relativeTime } from './relative-time.js'

/** All that is known of one session, a field a line; fields without a value are left out. */
export function sessionCard(session: Session, nowMs: number): string {
  const { id, workstream_id, status, reason, started_at, ended_at, last_activity_at, summary } = session
  const ago = (timestamp: string) => `${timestamp} (${relativeTime(timestamp, nowMs)})`
  const lines: [string, string][] = [
    ['id', id],
    ['workstream', workstream_id],
    ['status', reason === null ? status : `${status} (${reason})`],
    ['turns', String(session.turn_count)],
    ['messages', String(session.message_count)],
    ['started', ago(started_at)],
    ['ended', ended_at === null ? '' : ago(ended_at)],
    ['last used', ended_at === null ? ago(last_activity_at) : ''],
    ['summary', summary ?? ''],
  ]
  return lines
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${name.padEnd(12)}${printableLine(value)}`)
    .join('\n')
}
