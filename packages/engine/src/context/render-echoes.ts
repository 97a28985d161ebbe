import type { ContextChange, ContextPart } from '@arawn/core/assembled-context'
import type { ContextInput, Echo } from '../context.js'
import { coverageOf } from '../coverage.js'
import { cutMiddle } from './cut-text.js'
import { labels, nameText, unlabelled } from './labels.js'
import { PIECE_TOKENS } from './overhead.js'

export interface RenderedEchoes {
  /** Undefined when none is shown. */
  readonly text: string | undefined
  readonly part: ContextPart
}

/** The best echoes that fit, in the order of the log. Those that do not are named, too. */
export function renderEchoes(
  { echoes, messages, turnStart, count }: ContextInput,
  echoRoom: number,
): RenderedEchoes | undefined {
  if (echoes.length === 0) return undefined
  // With echoes before it, the new message has a label, too.
  const own = messages.find(({ sequence }) => sequence >= turnStart)
  const ownLabel = own === undefined ? 0 : count(labels.message(nameText(own.author), own.timestamp)) + PIECE_TOKENS
  const frame = count(labels.echoes) + count(labels.echoesEnd) + 2 * PIECE_TOKENS
  const room = echoRoom - ownLabel
  const raw = new Set(messages.map(({ sequence }) => sequence))
  const changes: ContextChange[] = []
  const chosen = new Map<number, { text: string; scores: string }>()
  let tokens = frame
  for (const { message, text, scores } of echoes) {
    const { sequence } = message
    const whole = (text ?? message.content).trim()
    const leaveOut = (why: string) =>
      changes.push({ sequence, change: 'left out', why, tokensBefore: message.tokens, tokensAfter: 0 })
    if (whole === '' || chosen.has(sequence)) continue
    if (raw.has(sequence)) {
      leaveOut('it is in the context already')
      continue
    }
    const label = labels.echo(speakerOf(message), message.timestamp)
    const labelTokens = count(label) + 2 * PIECE_TOKENS
    const limit = Math.floor((room - frame) * LARGEST_SHARE) - labelTokens
    if (limit <= 0) {
      leaveOut('there is no room')
      continue
    }
    const safe = unlabelled(whole)
    const size = count(safe)
    const shown = size > limit ? cutMiddle(safe, size, limit, count) : safe
    const shownTokens = size > limit ? count(shown) : size
    if (tokens + shownTokens + labelTokens > room) {
      leaveOut('there is no room')
      continue
    }
    if (shown !== safe)
      changes.push({ sequence, change: 'cut', why: 'echoes are short', tokensBefore: size, tokensAfter: shownTokens })
    tokens += shownTokens + labelTokens
    chosen.set(sequence, { text: `${label}\n${shown}`, scores: `${sequence}: ${scoreText(scores)}` })
  }
  const sequences = [...chosen.keys()].sort((a, b) => a - b)
  const shown = sequences.map((sequence) => chosen.get(sequence)?.text)
  const recalled = [...chosen.values()].map(({ scores }) => scores).join('; ')
  const isShown = chosen.size > 0
  return {
    text: isShown ? [labels.echoes, ...shown, labels.echoesEnd].join('\n\n') : undefined,
    part: {
      name: 'echoes',
      coverage: coverageOf(sequences),
      summaryIds: [],
      tokens: isShown ? tokens : 0,
      reason: isShown ? `recalled for the new message (${recalled})` : 'recalled, but none is shown',
      changes,
    },
  }
}

function speakerOf({ role, author }: Echo['message']): string {
  const speakers = { user: 'the user', assistant: 'you', system: 'the system', agent_push: 'an agent' }
  return nameText(author) ?? (role === 'tool_use' || role === 'tool_result' ? 'a tool' : speakers[role])
}

function scoreText(scores: Echo['scores']): string {
  const entries = Object.entries(scores).map(([name, score]) => `${name} ${Math.round(score * 1_000) / 1_000}`)
  return entries.length === 0 ? 'recalled' : entries.join(', ')
}

/** So that there are at least two, when there are two. */
const LARGEST_SHARE = 0.5
