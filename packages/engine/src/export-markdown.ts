/** Writes a history as a page of Markdown that reads well on GitHub. */

import type { Message } from '@arawn/core/message'
import type { Session } from '@arawn/core/session'
import type { Workstream } from '@arawn/core/workstream'
import { inlineText, oneLine } from './format/markdown/inline-text.js'
import { quotedText } from './format/markdown/quoted-text.js'
import { toolDetails } from './format/markdown/tool-details.js'
import { utcTime, utcTimeSpan } from './format/markdown/utc-time.js'

export interface MarkdownSource {
  readonly workstream: Workstream
  /** In the order in which they were opened. One that is missing gets a heading without its time. */
  readonly sessions: readonly Pick<Session, 'id' | 'started_at' | 'ended_at'>[]
  /** In the order of their sequences. */
  readonly messages: AsyncIterable<Message> | Iterable<Message>
}

/**
 * A page in pieces to be written one after the other: a heading of the first level for the workstream, of the second
 * for each session, of the third for each message, and no others. What was said is quoted, so whatever it holds ends
 * with its message; raw HTML in it is shown, not obeyed. Tool calls and results are folded.
 */
export async function* exportMarkdown({ workstream, sessions, messages }: MarkdownSource): AsyncGenerator<string> {
  yield `# ${inlineText(workstream.title ?? '(untitled)')}\n\n${facts(workstream)}`
  const known = new Map(sessions.map((session, n) => [session.id, { ...session, number: n + 1 }]))
  const begun = new Set<string>()
  let current: string | undefined
  for await (const message of messages) {
    const { session_id } = message
    if (session_id !== current) {
      const session = known.get(session_id) ?? { number: known.size + 1 }
      if (!known.has(session_id)) known.set(session_id, { ...session, id: session_id, started_at: '', ended_at: null })
      yield `\n## ${sessionHeading(session, begun.has(session_id))}\n`
      current = session_id
      begun.add(session_id)
    }
    yield `\n### ${messageHeading(message)}\n${body(message)}`
  }
}

function facts({ id, state, tags, forked_from, created_at, message_count }: Workstream): string {
  const lines = [
    ['Id', `\`${id}\``],
    ...(state === 'active' ? [] : [['State', state]]),
    ...(tags.length === 0 ? [] : [['Tags', tags.map(inlineText).join(', ')]]),
    ...(forked_from === null ? [] : [['Fork of', `\`${forked_from.workstream_id}\``]]),
    ['Created', utcTime(created_at)],
    ['Messages', String(message_count)],
  ]
  return lines.map(([name, value]) => `- **${name}:** ${value}\n`).join('')
}

interface SessionFacts {
  readonly number: number
  readonly started_at?: string
  readonly ended_at?: string | null
}

function sessionHeading({ number, started_at = '', ended_at = null }: SessionFacts, goesOn: boolean): string {
  const span = started_at === '' ? '' : `: ${utcTimeSpan(started_at, ended_at)}`
  return `Session ${number}${span}${goesOn ? ' (continued)' : ''}`
}

const SPEAKERS: Readonly<Record<Message['role'], string>> = {
  user: 'User',
  assistant: 'Assistant',
  system: 'System',
  tool_use: 'Tool call',
  tool_result: 'Tool result',
  agent_push: 'Agent push',
}

function messageHeading({ role, author, timestamp, metadata }: Message): string {
  const tool = typeof metadata?.tool_name === 'string' ? `: ${oneLine(metadata.tool_name)}` : ''
  const by = author === undefined ? '' : ` (${oneLine(author)})`
  return `${inlineText(`${SPEAKERS[role]}${tool}${by}`)}, ${utcTime(timestamp)}`
}

function body(message: Message): string {
  if (message.role === 'tool_use' || message.role === 'tool_result') return `\n${toolDetails(message)}`
  return message.content === '' ? '' : `\n${quotedText(message.content)}`
}
