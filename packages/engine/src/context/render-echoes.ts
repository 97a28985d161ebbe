import type { ContextChange, ContextPart } from '@arawn/core/assembled-context'
import type { Message } from '@arawn/core/message'
import type { ContextInput, CountText, Echo } from '../context.js'
import { largestEcho } from '../context-policy.js'
import { coverageOf } from '../coverage.js'
import { cutMiddle } from './cut-text.js'
import { EchoLines, echoLine } from './echo-lines.js'
import { echoedText, isShort, safeEcho } from './echoed-text.js'
import { labels, nameText } from './labels.js'
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
  // With echoes before it, the new message has a label, too; it counts there.
  const own = messages.find(({ sequence }) => sequence >= turnStart)
  const ownLabel = own === undefined ? 0 : count(labels.message(nameText(own.author), own.timestamp)) + PIECE_TOKENS
  const frame = count(`${labels.echoes}\n`) + count(labels.echoesEnd) + PIECE_TOKENS
  const room = Math.min(echoRoom, leftTokens - ownLabel) - frame
  const raw = new Set(messages.map(({ sequence }) => sequence))
  const lines = new EchoLines(count)
  const changes: ContextChange[] = []
  const largest = largestEcho(echoRoom)

  const add = (message: Message, passage: string | undefined, limit: number): boolean => {
    const { sequence } = message
    const safe = safeEcho(message, passage)
    const shown = isShort(safe, largest, count) ? safe : cutMiddle(safe, count(safe), largest, count)
    if (!lines.add(message, shown, limit)) return false
    if (passage !== undefined || shown !== safe)
      changes.push({
        sequence,
        change: 'cut',
        why: 'echoes are short',
        tokensBefore: count(echoedText(message)),
        tokensAfter: count(shown),
      })
    return true
  }
  const isShown = (message: Message) =>
    raw.has(message.sequence) || lines.has(message.sequence) || echoedText(message) === ''

  const newestRoom = Math.min(Math.floor(policy.recentShare * echoRoom) - earlierTokens, room)
  let newestCount = 0
  for (const message of newest) {
    if (isShown(message)) continue
    if (!add(message, undefined, newestRoom)) break
    newestCount++
  }
  const recalled: Echo[] = []
  let misses = 0
  for (const echo of echoes) {
    if (isShown(echo.message)) continue
    if (add(echo.message, echo.passage, room)) recalled.push(echo)
    else {
      changes.push(leftOut(echo, count))
      if (++misses > MOST_MISSES) break
    }
  }

  const hasLines = lines.tokens > 0
  const what = [
    ...(newestCount > 0 ? [`the newest ${newestCount}`] : []),
    ...(recalled.length > 0 ? [`${recalled.length} recalled for the new message`] : []),
  ]
  return {
    text: hasLines ? `${labels.echoes}\n${lines.text()}${labels.echoesEnd}` : undefined,
    part: {
      name: 'echoes',
      coverage: coverageOf(lines.sequences),
      summaryIds: [],
      tokens: hasLines ? lines.tokens + frame : 0,
      reason: hasLines ? `messages that summaries cover: ${what.join(', ')}` : 'none is shown: there is no room',
      changes,
      recalled: recalled.map(({ message: { sequence }, score, scores }) => ({ sequence, score, scores })),
    },
  }
}

function leftOut({ message, passage }: Echo, count: CountText): ContextChange {
  const tokensBefore = count(echoLine(message, safeEcho(message, passage)).text)
  return { sequence: message.sequence, change: 'left out', why: 'there is no room', tokensBefore, tokensAfter: 0 }
}
