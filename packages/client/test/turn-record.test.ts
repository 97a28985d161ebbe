import type { TurnEvent } from '@arawn/core/turn-event'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createTurnRecord } from '../src/streams/turn-record.js'

type Word = { says: string } | { lasting: TurnEvent }

const lasting = (id: string, role = 'tool_use'): Word => ({
  lasting: { type: 'message.created', message: { id, role, content: '' } } as unknown as TurnEvent,
})
const turn: Word[] = [
  { lasting: { type: 'turn.started' } as TurnEvent },
  { says: 'Let me see. ' },
  lasting('1'),
  lasting('2'),
  { says: 'It is seven, as I was told.' },
  lasting('3'),
  { lasting: { type: 'turn.completed' } as TurnEvent },
]

/** The turn as one connection tells it: text in pieces, and no more than so many events. */
function told(pieceLength: number, count: number): TurnEvent[] {
  const all = turn.flatMap((word): TurnEvent[] => {
    if ('lasting' in word) return [word.lasting]
    const pieces = word.says.match(new RegExp(`.{1,${pieceLength}}`, 'g')) ?? []
    return pieces.map((text) => ({ type: 'turn.delta', text }))
  })
  return all.slice(0, count)
}

function joined(events: readonly TurnEvent[]): string {
  return events
    .map((event) => {
      if (event.type === 'turn.delta') return event.text
      return `<${event.type === 'message.created' ? event.message.id : event.type}>`
    })
    .join('')
}

it('any connections, cut anywhere, give the turn once, to readers who come at any time', async () => {
  const connection = fc.tuple(fc.integer({ min: 1, max: 40 }), fc.nat(60))
  await fc.assert(
    fc.asyncProperty(fc.array(connection, { maxLength: 6 }), fc.nat(6), async (connections, joins) => {
      const record = createTurnRecord()
      const readers: Promise<TurnEvent[]>[] = []
      for (const [n, [pieceLength, count]] of [...connections, [7, 1_000] as const].entries()) {
        if (n === joins) readers.push(collect(record.read()))
        const tell = record.listen()
        for (const event of told(pieceLength, count)) {
          tell(event)
          // A reader takes what is there before the next one comes.
          await Promise.resolve()
        }
      }
      record.end()
      readers.push(collect(record.read()))
      for (const events of await Promise.all(readers)) expect(joined(events)).toBe(joined(told(1_000, 1_000)))
    }),
  )
})

async function collect(events: AsyncIterable<TurnEvent>): Promise<TurnEvent[]> {
  const all: TurnEvent[] = []
  for await (const event of events) all.push(event)
  return all
}
