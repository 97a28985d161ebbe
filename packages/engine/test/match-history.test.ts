import type { Message } from '@arawn/core/message'
import type { SaidMessage } from '@arawn/core/said-message'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { matchHistory, stepsStored } from '../src/match-history.js'

const words = fc.constantFrom('yes', 'no', 'go on', 'why?')

/** Exchanges of a few words, which are often the same: a user, calls of its tools or none, an answer. */
const exchange = fc
  .record({ question: words, call: fc.option(words, { nil: undefined }), answer: words, isBroken: fc.boolean() })
  .map(({ question, call, answer, isBroken }): { said: SaidMessage[]; isBroken: boolean } => {
    const calls = [{ id: 'c', name: 'look', arguments: { for: call ?? '' } }]
    const looked: SaidMessage[] = [
      { role: 'assistant', content: '', calls },
      { role: 'tool', call_id: 'c', content: 'found' },
    ]
    return {
      said: [
        { role: 'user', content: question },
        ...(call === undefined ? [] : looked),
        { role: 'assistant', content: answer },
      ],
      isBroken,
    }
  })

function stored(exchanges: readonly { said: readonly SaidMessage[] }[]): Message[] {
  const messages = exchanges.flatMap(({ said }, turn) => said.flatMap((one) => linesOf(one, `int_${turn}`)))
  return messages.map((line, index) => ({
    v: 1,
    stamp: index + 1,
    id: `msg_${index}`,
    session_id: 'ses_1',
    timestamp: '2026-01-15T10:00:00.000Z',
    sequence: index + 1,
    ...line,
  }))
}

/** A call and its result are of two turns, as when a client has run it. */
function linesOf(one: SaidMessage, turn: string): Pick<Message, 'role' | 'content' | 'metadata' | 'interaction_id'>[] {
  if (one.role === 'tool')
    return [{ role: 'tool_result', content: one.content, metadata: { tool_call_id: one.call_id } }]
  const [call] = one.role === 'assistant' ? (one.calls ?? []) : []
  if (call === undefined) return [{ role: one.role, content: one.content, interaction_id: turn }]
  const metadata = { tool_call_id: call.id, tool_name: call.name, arguments: call.arguments }
  return [{ role: 'tool_use', content: '', interaction_id: turn, metadata }]
}

const fresh: SaidMessage = { role: 'user', content: 'something new' }

describe('matchHistory', () => {
  it('finds the new message behind the history, however much of it is told', () => {
    fc.assert(
      fc.property(fc.array(exchange, { minLength: 1, maxLength: 6 }), fc.nat(), (exchanges, cut) => {
        const steps = stepsStored(stored(exchanges), new Set())
        const all = exchanges.flatMap(({ said }) => said)
        const told = [...all.slice(cut % all.length), fresh]
        expect(matchHistory(told, steps)).toEqual({ known: told.length - 1 })
      }),
    )
  })

  it('does not care which of the turns that failed are told', () => {
    fc.assert(
      fc.property(fc.array(exchange, { minLength: 1, maxLength: 6 }), fc.array(fc.boolean()), (exchanges, tells) => {
        const broken = new Set(exchanges.flatMap(({ isBroken }, turn) => (isBroken ? [`int_${turn}`] : [])))
        const steps = stepsStored(stored(exchanges), broken)
        const isTold = ({ isBroken, said }: (typeof exchanges)[number], turn: number) =>
          !isBroken || said.length > 2 || tells[turn] === true
        const history = exchanges.filter(isTold).flatMap(({ said }) => said)
        // Nothing is left to be told: that is no history at all.
        if (history.length === 0) return
        expect(matchHistory([...history, fresh], steps)).toEqual({ known: history.length })
      }),
    )
  })

  it('takes no history that says something else anywhere', () => {
    fc.assert(
      fc.property(fc.array(exchange, { minLength: 1, maxLength: 6 }), fc.nat(), (exchanges, at) => {
        const steps = stepsStored(stored(exchanges), new Set())
        const told = [...exchanges.flatMap(({ said }) => said), fresh]
        const index = at % (told.length - 1)
        told[index] = { ...told[index], content: 'never said' } as SaidMessage
        expect(matchHistory(told, steps)).toBeUndefined()
      }),
    )
  })

  it('takes no history that ends before the stored one does', () => {
    const [one, two] = ['one', 'two'].map((content) => ({ said: [{ role: 'user', content } as const] }))
    const steps = stepsStored(stored([one, two].flatMap((each) => (each === undefined ? [] : [each]))), new Set())
    expect(
      matchHistory([{ role: 'user', content: 'one' }, { role: 'assistant', content: 'yes' }, fresh], steps),
    ).toBeUndefined()
    expect(matchHistory([{ role: 'user', content: 'one' }, fresh], steps)).toBeUndefined()
  })
})
