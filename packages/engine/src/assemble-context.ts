/**
 * Assembles what a model is sent: system prompt, summaries, raw messages, echoes, the new message.
 *
 *   stable ◄──────────────────────────────────────────────────────────────► new each turn
 *   system │ workstream summary │ session summaries │ older │ recent │ echoes │ turn
 *                                                     lean    whole
 */

import type { ContextPart } from '@arawn/core/assembled-context'
import { WorkstreamError } from '@arawn/core/error'
import { explainTurns } from './context/explain-turns.js'
import { fitRaw } from './context/fit-raw.js'
import { MESSAGE_TOKENS } from './context/overhead.js'
import { rawMessages } from './context/raw-messages.js'
import { renderEchoes } from './context/render-echoes.js'
import { renderHead } from './context/render-head.js'
import { renderTurn } from './context/render-turn.js'
import { splitTurns } from './context/turns.js'
import type { ContextInput, ContextResult } from './context.js'
import { budgetTokensOf, echoRoomOf } from './context-policy.js'

/**
 * A function of its input: the same input gives the same bytes. From one turn to the next, all messages before the
 * echoes stay byte-identical, except when a summary lands or the window takes a step (`verbatimFrom`).
 *
 * Nothing is left out in silence. When too much is raw, the result names the oldest turns, which have to be summarized
 * before it is asked again. When the turn alone is too large, its largest texts lose their middle, and say so.
 *
 * @throws CONTEXT_TOO_LARGE even so it does not fit
 */
export function assembleContext(input: ContextInput): ContextResult {
  const { system, budget, policy, count, brokenTurns } = input
  const { windowTokens, maxOutputTokens, toolTokens, setting } = budget
  const budgetTokens = budgetTokensOf(budget)
  const messages = rawMessages(input)
  const turns = splitTurns(messages, input.turnStart)
  const head = renderHead({ ...input, messages }, budgetTokens)
  const systemTokens = count(system) + MESSAGE_TOKENS
  const fixedTokens = systemTokens + toolTokens + head.tokens

  const startTimes = new Map(input.sessions.map(({ id, started_at }) => [id, started_at]))
  const options = { count, brokenTurns, startedAt: (session: string) => startTimes.get(session) }
  const raw = fitRaw(turns, {
    room: budgetTokens - fixedTokens,
    echoRoom: echoRoomOf(budgetTokens, policy),
    policy,
    count,
    render: (turn, how) => renderTurn(turn, { ...options, ...how }),
  })
  if (raw.kind === 'too large')
    throw new WorkstreamError(
      'CONTEXT_TOO_LARGE',
      `the new message and what belongs to it need ${fixedTokens + raw.neededTokens} tokens; the model takes ${windowTokens}, ` +
        `${maxOutputTokens} of them for its answer; see ${setting}`,
      { neededTokens: fixedTokens + raw.neededTokens + maxOutputTokens, windowTokens, setting },
    )
  if (raw.kind === 'compress')
    return {
      fits: false,
      compress: raw.compress,
      neededTokens: fixedTokens + raw.neededTokens,
      budgetTokens,
      reason: raw.reason,
    }

  const echoes = renderEchoes({ ...input, messages }, raw)
  const current = echoes?.text === undefined ? raw.current : raw.renderCurrent(echoes.text)
  const earlier = [...raw.older, ...raw.recent].flatMap(({ rendered }) => rendered.messages)
  const stable = [...head.messages, ...earlier]
  const parts: ContextPart[] = [
    { ...NO_SOURCE, name: 'system', tokens: systemTokens, reason: 'says what this is' },
    ...(toolTokens > 0
      ? [{ ...NO_SOURCE, name: 'tools' as const, tokens: toolTokens, reason: 'what the model may call' }]
      : []),
    ...head.parts,
    ...explainTurns('older', raw.older, raw.olderReason),
    ...explainTurns('recent', raw.recent, raw.recentReason),
    ...(echoes === undefined ? [] : [echoes.part]),
    ...explainTurns('turn', [{ turn: raw.currentTurn, rendered: current }], 'the new message, and what followed it'),
  ]
  return {
    fits: true,
    system,
    messages: [...stable, ...current.messages],
    stableMessages: stable.length,
    tokens: parts.reduce((sum, { tokens }) => sum + tokens, 0),
    budgetTokens,
    verbatimFrom: raw.verbatimFrom,
    parts,
  }
}

const NO_SOURCE = { coverage: [], summaryIds: [], changes: [] }
