/**
 * Finds what is new in a conversation that a caller tells from memory.
 *
 * ```
 *  stored  … U1  A1  U2  A2 │            the log, as the caller could see it
 *  told          U1' A1' U2' A2'  U3     matched as far as the end of the log: U3 is new
 * ```
 *
 * A caller may have begun in the middle of a workstream, so the match may begin anywhere; but it has to reach the end of
 * what is stored. Otherwise somebody has said something that the caller does not know, or the caller has changed what was
 * said. Neither can be answered without saying so.
 *
 * Words of the assistant that are not stored are taken over only behind all of what is stored. People say the same again: a
 * few words at the end of a long log may look like those with which a changed history begins.
 */

import { canonicalJson } from '@arawn/core/canonical-json'
import type { Message } from '@arawn/core/message'
import type { SaidMessage } from '@arawn/core/said-message'

/** One message of a chat: neighbours of the assistant are one, however many lines or answers they were. */
export interface Step {
  readonly role: SaidMessage['role']
  /** Compared without regard to blanks. */
  readonly text: string
  /** What it calls, or which call it answers, in a form that can be compared. */
  readonly calls: readonly Call[]
  /** Of a turn that did not end well: the caller may know of it or not. */
  readonly isOptional: boolean
}

interface Call {
  readonly id: string
  readonly name: string
  /** Canonical JSON. */
  readonly input: string
}

export interface MatchedHistory {
  /** So many of the told messages are stored. */
  readonly known: number
}

/**
 * @param stored the end of the log as steps, with at least as many that are not optional as were told, or all of it
 * @param isBlank nothing was ever said there, nor moved elsewhere: any history is taken over
 * @returns undefined when what is told is not what is stored
 */
export function matchHistory(
  told: readonly SaidMessage[],
  stored: readonly Step[],
  { isBlank = false }: { readonly isBlank?: boolean } = {},
): MatchedHistory | undefined {
  const { steps, begins } = stepsTold(told)
  const end = stored.length
  let found: number | undefined
  const lastWords = steps.findLastIndex(({ role }) => role === 'assistant')
  // Places in the stored steps up to which the told ones may have come, from anywhere and from the beginning.
  let places = new Set(Array.from({ length: end + 1 }, (_, place) => place))
  let placesOfAll = new Set([0])
  for (const [index, step] of steps.entries()) {
    const reached = withOptional(places, stored)
    const reachedAll = withOptional(placesOfAll, stored)
    const isNew = reachedAll.has(end) || (reached.has(end) && index > lastWords)
    if (isNew && (index > 0 || isBlank || standsAlone(steps, stored))) found = begins[index]
    places = advanced(reached, step, stored)
    placesOfAll = advanced(reachedAll, step, stored)
    if (places.size === 0) break
  }
  return found === undefined ? undefined : { known: found }
}

/** Whether it can be told without anything that came before. */
function standsAlone(steps: readonly Step[], stored: readonly Step[]): boolean {
  if (steps.length === 1 && steps[0]?.role === 'user') return true
  const calls = new Set(stored.findLast(({ role }) => role === 'assistant')?.calls.map(({ id }) => id))
  return (
    steps[0]?.role === 'tool' && steps.every(({ role, calls: [call] }) => role !== 'tool' || calls.has(call?.id ?? ''))
  )
}

function withOptional(places: ReadonlySet<number>, stored: readonly Step[]): Set<number> {
  const reached = new Set(places)
  for (let at = 0; at < stored.length; at++) if (reached.has(at) && stored[at]?.isOptional === true) reached.add(at + 1)
  return reached
}

function advanced(places: ReadonlySet<number>, step: Step, stored: readonly Step[]): Set<number> {
  return new Set([...places].filter((at) => isSame(step, stored[at])).map((at) => at + 1))
}

function isSame(told: Step, stored: Step | undefined): boolean {
  return (
    stored !== undefined &&
    told.role === stored.role &&
    told.text === stored.text &&
    told.calls.length === stored.calls.length &&
    told.calls.every(({ id, name, input }) =>
      stored.calls.some((call) => call.id === id && call.name === name && call.input === input),
    )
  )
}

/** With the index of the told message with which each begins. */
function stepsTold(told: readonly SaidMessage[]): { steps: Step[]; begins: number[] } {
  const steps: Step[] = []
  const begins: number[] = []
  for (const [index, message] of told.entries()) {
    const before = steps.length
    if (message.role === 'assistant')
      addAssistant(
        steps,
        message.content,
        (message.calls ?? []).map((call) => callOf(call.id, call.name, call.arguments)),
        false,
      )
    else if (message.role === 'tool') steps.push(resultStep(message.call_id, message.content, false))
    else steps.push({ role: 'user', text: bare(message.content), calls: [], isOptional: false })
    if (steps.length > before) begins.push(index)
  }
  return { steps, begins }
}

/**
 * Messages of a log as whoever talks over it sees them: without pushes, notes, and the calls that were not theirs.
 *
 * @param messages ascending; calls that were run by Arawn have their result in the same turn
 */
export function stepsStored(messages: readonly Message[], brokenTurns: ReadonlySet<string>): Step[] {
  const ownCalls = new Set(messages.filter(({ role }) => role === 'tool_result').map(callInTurn))
  const calledInTurn = new Set(messages.filter(({ role }) => role === 'tool_use').map(callInTurn))
  const steps: Step[] = []
  for (const message of messages) {
    const { role, content, metadata, interaction_id: turn } = message
    const isOptional = turn !== undefined && brokenTurns.has(turn)
    const id = typeof metadata?.tool_call_id === 'string' ? metadata.tool_call_id : ''
    const isOwn = turn !== undefined && ownCalls.has(callInTurn(message)) && calledInTurn.has(callInTurn(message))
    if (role === 'user') steps.push({ role, text: bare(content), calls: [], isOptional })
    else if (role === 'assistant') addAssistant(steps, content, [], isOptional)
    else if (isOwn) continue
    else if (role === 'tool_use')
      addAssistant(steps, '', [callOf(id, String(metadata?.tool_name ?? ''), metadata?.arguments ?? {})], isOptional)
    else if (role === 'tool_result') steps.push(resultStep(id, content, isOptional))
  }
  return steps
}

function callInTurn({ interaction_id, metadata }: Message): string {
  return `${interaction_id ?? ''}/${String(metadata?.tool_call_id ?? '')}`
}

function addAssistant(steps: Step[], content: string, calls: readonly Call[], isOptional: boolean): void {
  const text = bare(content)
  const last = steps.at(-1)
  if (last?.role === 'assistant' && last.isOptional === isOptional) {
    const joined = [last.text, text].filter((part) => part !== '').join(' ')
    steps[steps.length - 1] = { ...last, text: joined, calls: [...last.calls, ...calls] }
  } else if (text !== '' || calls.length > 0) steps.push({ role: 'assistant', text, calls, isOptional })
}

function resultStep(id: string, content: string, isOptional: boolean): Step {
  return { role: 'tool', text: bare(content), calls: [{ id, name: '', input: '' }], isOptional }
}

function callOf(id: string, name: string, input: unknown): Call {
  // No arguments are written in several ways.
  const isNone = input === '' || input === null
  return { id, name, input: canonicalJson(isNone ? {} : input) }
}

/** Clients trim, and join pieces in their own ways. */
function bare(text: string): string {
  return text.toWellFormed().replace(/\s+/gu, ' ').trim()
}
