import { WorkstreamError } from '@arawn/core/error'
import type { WorkstreamId } from '@arawn/core/id'
import type { LogStore } from '@arawn/core/log-store'
import type { Message } from '@arawn/core/message'
import type { SaidMessage } from '@arawn/core/said-message'
import type { IndexReader } from '@arawn/core/workstream-index'
import { matchHistory, stepsStored } from '@arawn/engine/match-history'
import type { NewMessage } from '@arawn/engine/message-decisions'
import type { TurnOpening } from '@arawn/engine/turn-decisions'
import { readMessages } from '../reading/read-messages.js'
import { callMessage } from './run-tool.js'

/** What of a told conversation is new, as of one moment. */
export interface ToldHistory {
  /** Nothing else may be written between this and the turn. 0: the workstream is empty. */
  readonly lastSequence: number
  readonly opening: TurnOpening | WorkstreamError<'HISTORY_DIVERGED'>
}

const PAGE = 200

export async function readToldHistory(
  { rows, log }: { rows: IndexReader; log: LogStore },
  workstreamId: WorkstreamId,
  told: readonly SaidMessage[],
): Promise<ToldHistory> {
  const newest = await rows.messages({ workstreamId, limit: 1, includePromoted: true })
  const lastSequence = newest.items.at(-1)?.sequence ?? 0
  const { messages, steps } = await readTail({ rows, log }, workstreamId, told.length)
  const matched = matchHistory(told, steps, { isBlank: lastSequence === 0 })
  const opening = matched === undefined ? diverged(workstreamId, told) : openingOf(told, matched.known, messages)
  return { lastSequence, opening }
}

/** As much of the end of a log as a conversation of so many messages can be about. */
async function readTail(
  { rows, log }: { rows: IndexReader; log: LogStore },
  workstreamId: WorkstreamId,
  count: number,
) {
  const messages: Message[] = []
  const broken = new Set<string>()
  const known = new Set<string>()
  for (;;) {
    const page = await rows.messages({ workstreamId, limit: PAGE, before: messages[0]?.sequence })
    const read = await readMessages(log, workstreamId, page.items)
    messages.unshift(...read)
    for (const { interaction_id: turn } of read) {
      if (turn === undefined || known.has(turn)) continue
      known.add(turn)
      const status = (await rows.turn(workstreamId, turn))?.status
      if (status !== undefined && status !== 'ok') broken.add(turn)
    }
    const steps = stepsStored(messages, broken)
    // One more: the first one may be cut by the page.
    const isEnough = steps.filter(({ isOptional }) => !isOptional).length > count
    if (isEnough || !page.hasMore) return { messages, steps }
  }
}

/** The turn begins behind the last words of the assistant; what is new before them is history. */
function openingOf(told: readonly SaidMessage[], known: number, stored: readonly Message[]): TurnOpening {
  const begin = told.findLastIndex(({ role }) => role === 'assistant') + 1
  const names = toolNames(told, stored)
  const written = (from: number, to: number) => told.slice(from, to).flatMap((message) => linesOf(message, names))
  const [first, ...more] = written(Math.max(begin, known), told.length)
  if (first === undefined) throw new Error('a conversation without a message to answer')
  return { before: written(known, Math.max(begin, known)), messages: [first, ...more] }
}

function linesOf(message: SaidMessage, names: ReadonlyMap<string, string>): NewMessage[] {
  switch (message.role) {
    case 'user':
      return [message]
    case 'assistant': {
      const { content, calls = [] } = message
      const words: NewMessage[] = content.trim() === '' ? [] : [{ role: 'assistant', content }]
      return [...words, ...calls.map(callMessage)]
    }
    case 'tool': {
      const { call_id: id, content } = message
      const name = names.get(id)
      const metadata = { tool_call_id: id, ...(name !== undefined && { tool_name: name }), is_error: false }
      return [{ role: 'tool_result', content, metadata }]
    }
  }
}

function toolNames(told: readonly SaidMessage[], stored: readonly Message[]): Map<string, string> {
  const names = new Map<string, string>()
  for (const { role, metadata } of stored)
    if (role === 'tool_use') names.set(String(metadata?.tool_call_id), String(metadata?.tool_name))
  for (const message of told)
    if (message.role === 'assistant') for (const { id, name } of message.calls ?? []) names.set(id, name)
  return names
}

function diverged(workstreamId: WorkstreamId, told: readonly SaidMessage[]): WorkstreamError<'HISTORY_DIVERGED'> {
  return new WorkstreamError(
    'HISTORY_DIVERGED',
    `the conversation that was sent is not the one of ${workstreamId}; send only what is new, or fork it`,
    { workstreamId, messages: told.length },
  )
}
