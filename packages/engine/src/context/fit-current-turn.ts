import type { CountText } from '../context.js'
import type { ContextPolicy } from '../context-policy.js'
import { fairCap } from './fair-cap.js'
import { type ShowMessage, showCut } from './message-view.js'
import type { RenderedTurn } from './render-turn.js'
import type { Turn } from './turns.js'

/**
 * Makes the current turn fit by cutting its largest texts in the middle: tool results first, then anything.
 *
 * @param whole the turn as it is, too large
 * @param render renders it in another way
 * @returns undefined when it does not fit even so
 */
export function fitCurrentTurn(
  turn: Turn,
  whole: RenderedTurn,
  room: number,
  { cutFloorTokens: floor }: ContextPolicy,
  count: CountText,
  render: (show: ShowMessage) => RenderedTurn,
): RenderedTurn | undefined {
  const sizes = (isResult: boolean) =>
    turn.messages.filter(({ role }) => (role === 'tool_result') === isResult).map(({ tokens }) => tokens)
  const results = sizes(true)
  const others = sizes(false)
  const sum = (list: readonly number[], cap = Number.POSITIVE_INFINITY) =>
    list.reduce((total, size) => total + Math.min(size, cap), 0)
  const frame = whole.tokens - sum(results) - sum(others)

  for (let target = room; target > 0; target = Math.floor(target * RETRY_SHARE)) {
    const result = Math.max(floor, fairCap(results, target - frame - sum(others)))
    const other = Math.max(floor, fairCap(others, target - frame - sum(results, result)))
    const why = 'the turn is larger than the room that the model has for it'
    const cut = render(showCut({ result, other }, count, why))
    if (cut.tokens <= room) return cut
    if (result === floor && other === floor) return undefined
  }
  return undefined
}

const RETRY_SHARE = 0.9
