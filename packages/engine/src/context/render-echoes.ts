import type { ContextChange, ContextPart } from '@arawn/core/assembled-context'
import type { ContextInput, Echo, SizedMessage } from '../context.js'
import { largestEcho } from '../context-policy.js'
import { coverageOf } from '../coverage.js'
import { cutMiddle } from './cut-text.js'
import { EchoLines } from './echo-lines.js'
import { echoedText } from './echoed-text.js'
import { labels, nameText, unlabelled } from './labels.js'
import { PIECE_TOKENS } from './overhead.js'

export interface RenderedEchoes {
  /** Undefined when none is shown. */
  readonly text: string | undefined
  readonly part: ContextPart
}

// Behind so many that do not fit, smaller ones are worth less than room that stays free.
const MOST_MISSES = 40

export interface EchoRoom {
  /** What echoes may take. */
  readonly echoRoom: number
  /** What is free at all, also for the label of the new message. */
  readonly leftTokens: number
  /** Of earlier turns. */
  readonly earlierTokens: number
}

/**
 * Messages that summaries cover, as lines in the order of the log: the newest, as far as their share goes, then the best
 * of what was recalled.
 */
export function renderEchoes(
  { echoes, newest = [], messages, turnStart, policy, count }: ContextInput,
  { echoRoom, leftTokens, earlierTokens }: EchoRoom,
): RenderedEchoes | undefined {
  if (echoes.length === 0 && newest.length === 0) return undefined
  // With echoes before it, the new message has a label, too.
  const own = messages.find(({ sequence }) => sequence >= turnStart)
  const ownLabel = own === undefined ? 0 : count(labels.message(nameText(own.author), own.timestamp)) + PIECE_TOKENS
  const frame = count(labels.echoes) + count(labels.echoesEnd) + 2 * PIECE_TOKENS
  const room = Math.min(echoRoom, leftTokens - ownLabel) - frame
  const raw = new Set(messages.map(({ sequence }) => sequence))
  const lines = new EchoLines(count)
  const changes: ContextChange[] = []

  const add = (message: SizedMessage, passage: Echo['passage'], limit: number): boolean => {
    const { sequence, tokens } = message
    const whole = passage?.text ?? echoedText(message)
    const safe = unlabelled(whole.trim())
    const size = safe === whole ? (passage?.tokens ?? tokens) : count(safe)
    const largest = largestEcho(echoRoom)
    const shown = size > largest ? cutMiddle(safe, size, largest, count) : safe
    const line = { message, text: shown, tokens: shown === safe ? size : count(shown) }
    if (lines.tokens + lines.costOf(line) > limit) return false
    lines.add(line)
    if (shown !== whole.trim() || passage !== undefined)
      changes.push({ sequence, change: 'cut', why: 'echoes are short', tokensBefore: tokens, tokensAfter: line.tokens })
    return true
  }
  const isShown = (message: SizedMessage) =>
    raw.has(message.sequence) || lines.has(message.sequence) || echoedText(message).trim() === ''

  const newestRoom = Math.floor(policy.recentShare * echoRoom) - earlierTokens
  let newestCount = 0
  for (const message of newest) {
    if (isShown(message)) continue
    if (!add(message, undefined, Math.min(newestRoom, room))) break
    newestCount++
  }
  const recalled: Echo[] = []
  let misses = 0
  for (const echo of echoes) {
    const { message, passage } = echo
    if (isShown(message)) continue
    if (add(message, passage, room)) recalled.push(echo)
    else if (++misses > MOST_MISSES) break
  }

  const hasLines = lines.tokens > 0
  const what = [
    ...(newestCount > 0 ? [`the newest ${newestCount}`] : []),
    ...(recalled.length > 0 ? [`${recalled.length} recalled for the new message`] : []),
  ]
  return {
    text: hasLines ? [labels.echoes, lines.text(), labels.echoesEnd].join('\n') : undefined,
    part: {
      name: 'echoes',
      coverage: coverageOf(lines.sequences()),
      summaryIds: [],
      tokens: hasLines ? lines.tokens + frame + ownLabel : 0,
      reason: hasLines ? `messages that summaries cover: ${what.join(', ')}` : 'none is shown: there is no room',
      changes,
      recalled: recalled.map(({ message: { sequence }, score, scores }) => ({ sequence, score, scores })),
    },
  }
}
