/**
 * Fits what is raw into its room.
 *
 *   fits as it is? ─► yes
 *   there are turns older than the window ─► summarize the oldest of them
 *   the window fits without room for echoes, or with its old results stubbed ─► so
 *   the current turn alone is too large ─► cut its largest texts; earlier turns keep what it leaves them,
 *                                          at most the rest of `turnShare`, or are summarized
 */

import type { Coverage } from '@arawn/core/coverage'
import type { CountText } from '../context.js'
import type { ContextPolicy } from '../context-policy.js'
import { coverageOf } from '../coverage.js'
import { fitCurrentTurn } from './fit-current-turn.js'
import { type ShowMessage, showCut, showLean, showWhole } from './message-view.js'
import type { EchoRoom } from './render-echoes.js'
import type { RenderedTurn } from './render-turn.js'
import { countOlderTurns, type Turn } from './turns.js'

export interface FittedTurn {
  readonly turn: Turn
  readonly rendered: RenderedTurn
}

export type FittedRaw =
  | ({
      readonly kind: 'fits'
      readonly older: readonly FittedTurn[]
      readonly olderReason: string
      readonly recent: readonly FittedTurn[]
      readonly recentReason: string
      readonly current: RenderedTurn
      readonly currentTurn: Turn
      /** The same with echoes before it; their tokens are not counted in. */
      readonly renderCurrent: (echoes: string) => RenderedTurn
      readonly verbatimFrom: number
    } & EchoRoom)
  | { readonly kind: 'compress'; readonly compress: Coverage; readonly neededTokens: number; readonly reason: string }
  | { readonly kind: 'too large'; readonly neededTokens: number }

export interface RawRoom {
  /** For all that is raw, and echoes. */
  readonly room: number
  readonly echoRoom: number
  readonly policy: ContextPolicy
  readonly count: CountText
  readonly render: (turn: Turn, how: { show: ShowMessage; isCurrent: boolean; echoes?: string }) => RenderedTurn
}

/** @param turns at least one, the current one last */
export function fitRaw(turns: readonly Turn[], { room, echoRoom, policy, count, render }: RawRoom): FittedRaw {
  const currentTurn = turns.at(-1) as Turn
  const earlier = turns.slice(0, -1)
  const olderCount = countOlderTurns(earlier, policy)
  const lean = showLean(policy, count, 'it is older than the window')
  const renderAll = (list: readonly Turn[], show: ShowMessage) =>
    list.map((turn): FittedTurn => ({ turn, rendered: render(turn, { show, isCurrent: false }) }))
  const older = renderAll(earlier.slice(0, olderCount), lean)
  const recent = renderAll(earlier.slice(olderCount), showWhole)
  const current = render(currentTurn, { show: showWhole, isCurrent: true })

  const fits = (
    recentTurns: readonly FittedTurn[],
    turn: RenderedTurn,
    show: ShowMessage,
    reason: string,
  ): FittedRaw => ({
    kind: 'fits',
    older,
    olderReason: 'no summary covers it yet; large tool results are stubbed',
    recent: recentTurns,
    recentReason: reason,
    current: turn,
    currentTurn,
    renderCurrent: (echoes) => render(currentTurn, { show, isCurrent: true, echoes }),
    earlierTokens: tokensOf(older) + tokensOf(recentTurns),
    echoRoom,
    leftTokens: room - tokensOf(older) - tokensOf(recentTurns) - turn.tokens,
    verbatimFrom: firstSequence(recentTurns === recent ? (recent[0]?.turn ?? currentTurn) : currentTurn),
  })
  const compress = (list: readonly FittedTurn[], kept: number, target: number, reason: string): FittedRaw => {
    let count = 0
    let left = tokensOf(list) + kept
    const neededTokens = left
    for (; count < list.length && (count === 0 || left > target); count++) left -= list[count]?.rendered.tokens ?? 0
    const sequences = list.slice(0, count).flatMap(({ turn }) => turn.messages.map(({ sequence }) => sequence))
    return { kind: 'compress', compress: coverageOf(sequences), neededTokens, reason }
  }

  const left = room - tokensOf(older) - tokensOf(recent) - current.tokens
  if (left >= echoRoom) return fits(recent, current, showWhole, 'the window: the last messages, whole')
  const shrunk = renderAll(earlier.slice(olderCount), showLean(policy, count, 'the window does not fit'))
  if (tokensOf(shrunk) + current.tokens <= room) {
    const target = (room - echoRoom) * policy.compressToShare
    if (older.length > 0)
      return compress(older, tokensOf(recent) + current.tokens, target, 'raw messages take more than their room')
    if (left >= 0)
      return fits(recent, current, showWhole, 'the window: the last messages, whole; echoes have less room')
    return fits(shrunk, current, showWhole, 'the window, with large tool results stubbed: they do not fit')
  }

  const others = [...older, ...shrunk]
  const allowed = Math.max(Math.floor(room * policy.turnShare), room - tokensOf(others))
  let show: ShowMessage = showWhole
  const cutTo = (limit: number) =>
    fitCurrentTurn(currentTurn, current, limit, policy, count, (how) => {
      show = how
      return render(currentTurn, { show: how, isCurrent: true })
    })
  const cut = current.tokens <= allowed ? current : (cutTo(allowed) ?? cutTo(room))
  if (cut === undefined) {
    const floor = { result: policy.cutFloorTokens, other: policy.cutFloorTokens }
    const least = render(currentTurn, { show: showCut(floor, count, ''), isCurrent: true })
    return { kind: 'too large', neededTokens: least.tokens }
  }
  if (tokensOf(others) + cut.tokens <= room)
    return fits(shrunk, cut, show, 'the window, with large tool results stubbed: the current turn needs its room')
  const target = cut.tokens + (room - cut.tokens) * policy.compressToShare
  return compress(others, cut.tokens, target, 'the current turn needs the room of earlier ones')
}

function tokensOf(turns: readonly FittedTurn[]): number {
  return turns.reduce((sum, { rendered }) => sum + rendered.tokens, 0)
}

function firstSequence({ messages }: Turn): number {
  return messages[0]?.sequence ?? 1
}
