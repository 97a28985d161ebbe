/** What of a message is shown: all of it, a line that says what it was, or its ends. */

import type { ContextChange } from '@arawn/core/assembled-context'
import type { CountText, SizedMessage } from '../context.js'
import type { ContextPolicy } from '../context-policy.js'
import type { JsonObject } from '../format/json-value.js'
import { cutMiddle, keepEnds } from './cut-text.js'
import { argumentsOf, mapStrings } from './tool-arguments.js'

export interface MessageView {
  /** Empty for a call. */
  readonly text: string
  readonly callArguments: JsonObject
  readonly tokens: number
  readonly change?: ContextChange | undefined
}

/** @param tool the name of the tool, of a call or a result */
export type ShowMessage = (message: SizedMessage, tool: string) => MessageView

export const showWhole: ShowMessage = (message) =>
  message.role === 'tool_use'
    ? { text: '', callArguments: argumentsOf(message), tokens: message.tokens }
    : { text: message.content.toWellFormed(), callArguments: {}, tokens: message.tokens }

/** Large tool results become one line, errors a few; long strings in arguments are cut. */
export function showLean({ stubAboveTokens }: ContextPolicy, count: CountText, why: string): ShowMessage {
  return (message, tool) => {
    const whole = showWhole(message, tool)
    if (message.tokens <= stubAboveTokens || !message.role.startsWith('tool_')) return whole
    const lean =
      message.role === 'tool_use'
        ? cutArguments(whole, tool, OLD_STRING_CHARACTERS, count)
        : withText(whole, stubOf(message, tool), count)
    return changed(whole, lean, message, 'stubbed', why)
  }
}

/** What is larger than its limit loses its middle. */
export function showCut(limits: { result: number; other: number }, count: CountText, why: string): ShowMessage {
  return (message, tool) => {
    const whole = showWhole(message, tool)
    const limit = message.role === 'tool_result' ? limits.result : limits.other
    if (message.tokens <= limit) return whole
    const cut =
      message.role === 'tool_use'
        ? fitArguments(whole, tool, limit, count)
        : withText(whole, cutMiddle(whole.text, whole.tokens, limit, count), count)
    return changed(whole, cut, message, 'cut', why)
  }
}

function stubOf({ content, tokens, metadata }: SizedMessage, tool: string): string {
  const isError = metadata?.is_error === true
  if (isError) return `[error of ${tool}, ${tokens} tokens, shortened]\n${keepEnds(content, ERROR_CHARACTERS)}`
  const first = content.slice(0, FIRST_CHARACTERS).toWellFormed().replace(/\s+/gu, ' ').trim()
  return `[result of ${tool} left out: ${tokens} tokens, ${content.length} characters; it begins: ${JSON.stringify(first)}]`
}

function fitArguments(whole: MessageView, tool: string, limit: number, count: CountText): MessageView {
  for (const characters of [2_000, OLD_STRING_CHARACTERS, 40]) {
    const cut = cutArguments(whole, tool, characters, count)
    if (cut.tokens <= limit) return cut
  }
  const text = JSON.stringify(whole.callArguments)
  const callArguments = { left_out: `${text.length} characters of arguments` }
  return { ...whole, callArguments, tokens: countCall(tool, callArguments, count) }
}

function cutArguments(whole: MessageView, tool: string, characters: number, count: CountText): MessageView {
  const cut = (text: string) => (text.length > characters * 2 ? keepEnds(text, characters) : text)
  const callArguments = mapStrings(whole.callArguments, cut)
  return { ...whole, callArguments, tokens: countCall(tool, callArguments, count) }
}

function countCall(tool: string, callArguments: JsonObject, count: CountText): number {
  return count(`${tool} ${JSON.stringify(callArguments)}`)
}

function withText(view: MessageView, text: string, count: CountText): MessageView {
  return { ...view, text, tokens: count(text) }
}

/** The change, if it made the message smaller. */
function changed(
  whole: MessageView,
  view: MessageView,
  { sequence }: SizedMessage,
  change: 'stubbed' | 'cut',
  why: string,
): MessageView {
  if (view.tokens >= whole.tokens) return whole
  return { ...view, change: { sequence, change, why, tokensBefore: whole.tokens, tokensAfter: view.tokens } }
}

const FIRST_CHARACTERS = 80
const ERROR_CHARACTERS = 600
const OLD_STRING_CHARACTERS = 200
