import { array, assert, boolean, constantFrom, integer, property, record } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseConversations } from '../src/import-format.js'

const NOTICE = '<task-notification>\n<task-id>b0</task-id>\n</task-notification>'
const at = (seconds: number) => new Date(Date.UTC(2026, 1, 11, 20, 0, seconds)).toISOString()

let uuids = 0
const line = (type: string, seconds: number, message: object, more: object = {}) => ({
  type,
  uuid: `${type}-${uuids++}`,
  sessionId: 's1',
  timestamp: at(seconds),
  message,
  ...more,
})
const user = (seconds: number, text: string, more: object = {}) =>
  line('user', seconds, { role: 'user', content: text }, more)
const answer = (seconds: number, text = 'ok', more: object = {}) =>
  line('assistant', seconds, { role: 'assistant', content: [{ type: 'text', text }] }, more)
const result = (seconds: number) =>
  line('user', seconds, { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't1', content: 'a.txt' }] })
const queue = (operation: string, seconds: number, content?: unknown, more: object = {}) => ({
  type: 'queue-operation',
  operation,
  timestamp: at(seconds),
  sessionId: 's1',
  ...(content !== undefined && { content }),
  ...more,
})
const attachment = (seconds: number, prompt: unknown, more: object = {}) => ({
  type: 'attachment',
  uuid: `attachment-${uuids++}`,
  sessionId: 's1',
  timestamp: at(seconds),
  attachment: { type: 'queued_command', prompt, commandMode: 'prompt', origin: { kind: 'human' }, ...more },
})

function parse(lines: object[]) {
  const [conversation] = parseConversations({
    format: 'claude-code',
    text: lines.map((one) => JSON.stringify(one)).join('\n'),
    location: '/projects/x/s1.jsonl',
  })
  if (conversation === undefined) throw new Error('no conversation')
  return conversation
}

/** What was said, one after the other, without the first prompt. */
const said = (lines: object[]) =>
  parse([user(0, 'start'), ...lines])
    .messages.slice(1)
    .map(({ role, content }) => (role === 'user' ? content : role))

describe('words typed while the model was working', () => {
  it('become a message before the answer that had them, with the time at which the model got them', () => {
    const { messages, skipped } = parse([
      user(0, 'start'),
      answer(1),
      queue('enqueue', 2, 'check again'),
      queue('remove', 5),
      result(4),
      answer(6, 'I check.'),
    ])
    expect(messages.map(({ content, timestamp }) => [content, timestamp])).toEqual([
      ['start', at(0)],
      ['ok', at(1)],
      ['a.txt', at(4)],
      ['check again', at(5)],
      ['I check.', at(6)],
    ])
    expect(messages[3]).toEqual({
      key: expect.stringMatching(/^queued:2026-02-11T20:00:02\.000Z:[0-9a-f]{16}$/),
      role: 'user',
      content: 'check again',
      timestamp: at(5),
    })
    expect(skipped).toEqual({ 'queue-operation': 1 })
  })

  it('are taken in once, whether a user line, an attachment or a remove brings them', () => {
    const go = queue('enqueue', 2, 'go on')
    expect(said([go, queue('remove', 3), answer(4)])).toEqual(['go on', 'assistant'])
    expect(said([go, queue('remove', 3), user(3, 'go on'), answer(4)])).toEqual(['go on', 'assistant'])
    expect(said([go, queue('dequeue', 3), user(3, ' go on\n'), answer(4)])).toEqual([' go on\n', 'assistant'])
    expect(said([go, user(3, 'go on'), answer(4)])).toEqual(['go on', 'assistant'])
    expect(said([go, queue('remove', 3), attachment(2, 'go on'), answer(4)])).toEqual(['go on', 'assistant'])
    expect(said([go, attachment(2, 'go on'), queue('remove', 3), answer(4)])).toEqual(['go on', 'assistant'])
    expect(said([go, queue('remove', 3), answer(4), attachment(2, 'go on'), answer(5)])).toEqual([
      'go on',
      'assistant',
      'assistant',
    ])
  })

  it('may be said again later', () => {
    const lines = [queue('enqueue', 2, 'go on'), queue('remove', 3), answer(4), user(5, 'go on'), answer(6)]
    expect(said(lines)).toEqual(['go on', 'assistant', 'go on', 'assistant'])
    const twice = [queue('enqueue', 2, 'go'), queue('enqueue', 3, 'go'), queue('dequeue', 4), user(4, 'go'), answer(5)]
    expect(said([...twice, queue('remove', 6), answer(7)])).toEqual(['go', 'assistant', 'go', 'assistant'])
  })

  it('wait for an answer: until then they may still come in a line of their own', () => {
    expect(said([queue('enqueue', 2, 'a'), queue('remove', 3)])).toEqual([])
    expect(said([queue('enqueue', 2, 'a'), queue('remove', 3), result(4)])).toEqual(['tool_result'])
  })

  it('are not proven by an answer from before, or by one of a sub-agent', () => {
    const taken = [queue('enqueue', 2, 'a'), queue('remove', 5)]
    expect(said([...taken, answer(4), user(6, 'a'), answer(7)])).toEqual(['assistant', 'a', 'assistant'])
    expect(said([...taken, answer(6, 'x', { isSidechain: true }), answer(7)])).toEqual(['assistant', 'a', 'assistant'])
  })

  it('arrive together in one line, or in one answer', () => {
    const both = [queue('enqueue', 2, 'a'), queue('enqueue', 3, 'b\nc')]
    expect(said([...both, user(4, 'a\nb\nc'), answer(5)])).toEqual(['a\nb\nc', 'assistant'])
    expect(said([...both, queue('remove', 4), queue('remove', 4), answer(5)])).toEqual(['a', 'b\nc', 'assistant'])
  })

  it('that were taken back are nobody’s', () => {
    expect(said([queue('enqueue', 2, 'a'), queue('popAll', 3), answer(4)])).toEqual(['assistant'])
    expect(said([queue('enqueue', 2, 'a'), queue('popAll', 3, 'a'), answer(4)])).toEqual(['assistant'])
    expect(said([queue('enqueue', 2, 'a'), queue('dequeue', 3), answer(4)])).toEqual(['assistant'])
    expect(said([queue('enqueue', 2, 'a'), answer(4)])).toEqual(['assistant'])
    const cancelled = queue('remove', 3, 'a', { reason: 'cancelled' })
    expect(said([queue('enqueue', 2, 'a'), cancelled, answer(4)])).toEqual(['assistant'])
  })

  it('that a newer version attaches are taken back by a remove without an attachment', () => {
    const attached = [queue('enqueue', 2, 'a'), queue('remove', 3, 'a'), attachment(2, 'a'), answer(4)]
    expect(said([...attached, queue('enqueue', 5, 'b'), queue('remove', 6, 'b'), answer(7)])).toEqual([
      'a',
      'assistant',
      'assistant',
    ])
  })

  it('are found by the reason that a newer version gives, even when their enqueue was lost', () => {
    const taken = queue('remove', 3, 'b', { reason: 'absorbed_mid_turn' })
    expect(said([queue('enqueue', 1, 'a'), queue('enqueue', 2, 'b'), taken, answer(4)])).toEqual(['b', 'assistant'])
    expect(said([taken, taken, answer(4)])).toEqual(['b', 'assistant'])
  })

  it('with an image are attached as blocks', () => {
    const prompt = [
      { type: 'text', text: 'look' },
      { type: 'image', source: {} },
    ]
    const read = ['look', '[image]', 'assistant']
    expect(said([queue('enqueue', 2, 'look'), queue('remove', 3), attachment(2, prompt), answer(4)])).toEqual(read)
    const pasted = queue('enqueue', 2, '[Image #1] look')
    const reason = { reason: 'absorbed_mid_turn' }
    expect(said([pasted, queue('remove', 3), attachment(2, prompt), answer(4)])).toEqual(read)
    expect(said([pasted, attachment(2, prompt), queue('remove', 3, undefined, reason), answer(4)])).toEqual(read)
    const image = [{ type: 'image', source: {} }]
    expect(said([queue('enqueue', 2, '[Image #1]'), queue('remove', 3), attachment(2, image), answer(4)])).toEqual([
      '[image]',
      'assistant',
    ])
  })

  it.each([NOTICE, '/mcp', ' /compact keep the plan', '', '[SYSTEM NOTIFICATION - NOT USER INPUT] x'])(
    'are not those of a program or a command: %j',
    (text) => {
      expect(said([queue('enqueue', 2, text), queue('remove', 3), answer(4)])).toEqual(['assistant'])
      expect(said([queue('enqueue', 2, text), attachment(2, text), queue('remove', 3), answer(4)])).toEqual([
        'assistant',
      ])
    },
  )

  it('may begin with a path', () => {
    const text = '/etc/hosts is wrong'
    expect(said([queue('enqueue', 2, text), queue('remove', 3), answer(4)])).toEqual([text, 'assistant'])
  })

  it('are not what another agent sent', () => {
    const lines = [attachment(2, 'a', { origin: { kind: 'peer' } }), attachment(2, 'b', { isMeta: true }), answer(3)]
    expect(said(lines)).toEqual(['assistant'])
    expect(parse([user(0, 'start'), ...lines]).skipped).toEqual({ attachment: 2 })
  })

  it('go before the notice of a task that waits longer', () => {
    const lines = [queue('enqueue', 1, NOTICE), queue('enqueue', 2, 'a'), queue('remove', 3), answer(4)]
    expect(said([...lines, user(5, NOTICE), answer(6)])).toEqual(['a', 'assistant', NOTICE, 'assistant'])
    const notice = [queue('enqueue', 1, NOTICE), queue('enqueue', 2, 'a'), queue('dequeue', 3), user(3, NOTICE)]
    expect(said([...notice, answer(4), queue('remove', 5), answer(6)])).toEqual([NOTICE, 'assistant', 'a', 'assistant'])
  })

  it('stay in the queue when the line of an answer is written below the dequeue that followed it', () => {
    const both = [queue('enqueue', 2, 'a'), queue('enqueue', 3, 'b'), queue('dequeue', 6), answer(5), user(6, 'a')]
    expect(said([...both, answer(7), queue('remove', 8), answer(9)])).toEqual([
      'assistant',
      'a',
      'assistant',
      'b',
      'assistant',
    ])
  })

  it('of a run that was ended do not stand for words of a later one', () => {
    const ended = [queue('enqueue', 1, 'lost'), user(9, 'again'), answer(10)]
    expect(said([...ended, queue('enqueue', 11, 'b'), queue('remove', 12), answer(13)])).toEqual([
      'again',
      'assistant',
      'b',
      'assistant',
    ])
  })

  it('are quoted by summaries, which is no arrival', () => {
    const summary = user(4, 'go on', { isCompactSummary: true })
    expect(said([queue('enqueue', 2, 'go on'), queue('remove', 3), summary, answer(5)])).toEqual([
      'go on',
      'go on',
      'assistant',
    ])
  })

  it('are taken in once when a resumed session repeats its lines', () => {
    const lines = [user(0, 'start'), queue('enqueue', 2, 'a'), queue('remove', 3), answer(4)]
    const once = ['start', 'a', 'ok', 'ok']
    expect(parse([...lines, ...lines, answer(9)]).messages.map(({ content }) => content)).toEqual(once)
    const reason = { reason: 'absorbed_mid_turn' }
    const named = [user(0, 'start'), queue('enqueue', 2, 'a'), queue('remove', 3, 'a', reason), answer(4)]
    expect(parse([...named, ...named, answer(9)]).messages.map(({ content }) => content)).toEqual(once)
  })

  it('are each said once, in every version, and whatever follows', () => {
    assert(
      property(constantFrom(...versions), array(step, { maxLength: 40 }), (version, steps) => {
        const { lines, truth } = play(version, steps)
        const all = parse(lines).messages
        const speech = all.filter(({ role, content }) => role === 'user' && !content.startsWith('<'))
        expect(speech.map(({ content }) => content)).toEqual(truth)
        const keys = all.map(({ key }) => key)
        for (let cut = 1; cut <= lines.length; cut++) {
          const before = parse(lines.slice(0, cut)).messages.map(({ key }) => key)
          expect(keys.slice(0, before.length)).toEqual(before)
        }
      }),
      { numRuns: 300 },
    )
  })
})

/** What a version writes down. */
interface Version {
  readonly names: boolean
  readonly attaches: boolean
  readonly reasons: boolean
  readonly dequeues: boolean
}
const versions: Version[] = [
  { names: false, attaches: false, reasons: false, dequeues: false },
  { names: false, attaches: false, reasons: false, dequeues: true },
  { names: true, attaches: true, reasons: false, dequeues: true },
  { names: false, attaches: true, reasons: true, dequeues: true },
  { names: true, attaches: true, reasons: true, dequeues: true },
]

const step = record({
  does: constantFrom('type', 'type', 'notice', 'tool', 'tool', 'end', 'takeBack', 'kill'),
  words: integer({ min: 0, max: 3 }),
  isLate: boolean(),
})

/** A small Claude Code: a turn runs, words are queued, a tool's end takes them in, the end of the turn delivers the rest. */
function play(version: Version, steps: readonly { does: string; words: number; isLate: boolean }[]) {
  const lines: object[] = [user(0, 'start'), answer(1)]
  const truth = ['start']
  let waiting: string[] = []
  let lost: string[] = []
  let works = true
  let seconds = 2
  const leave = (operation: string, text: string, more: object = {}) =>
    lines.push(queue(operation, ++seconds, version.names && operation !== 'dequeue' ? text : undefined, more))
  /** Lines of messages are written late: below operations that came after them. */
  const delay = (before: number) => lines.push(...lines.splice(before, 1))
  for (const { does, words, isLate } of steps) {
    seconds++
    const text = `words ${words}`
    if (does === 'type' && !works) {
      // Words that were lost with others and are typed once more: from the queue or anew, no line tells.
      if (lost.includes(text)) continue
      lost = []
      lines.push(user(seconds, text), answer(++seconds))
      truth.push(text)
      works = true
    } else if (does === 'type' || does === 'notice') {
      if (!works) continue
      const queued = does === 'type' ? text : NOTICE
      waiting.push(queued)
      lines.push(queue('enqueue', seconds, queued))
    } else if (does === 'tool' && works) {
      const before = lines.length
      lines.push(result(seconds))
      for (const taken of waiting.filter((one) => one !== NOTICE)) {
        if (version.attaches) lines.push(attachment(seconds, taken))
        leave('remove', taken, version.reasons ? { reason: 'absorbed_mid_turn' } : {})
        truth.push(taken)
      }
      waiting = waiting.filter((one) => one === NOTICE)
      if (isLate && !version.attaches) delay(before)
      lines.push(answer(++seconds))
    } else if (does === 'end' && works) {
      const next = waiting.find((one) => one !== NOTICE) ?? waiting[0]
      works = next !== undefined
      if (next === undefined) continue
      waiting.splice(waiting.indexOf(next), 1)
      const before = lines.length
      lines.push(answer(seconds, 'done'))
      if (version.dequeues) leave('dequeue', next)
      if (isLate) delay(before)
      lines.push(user(++seconds, next), answer(++seconds))
      if (next !== NOTICE) truth.push(next)
    } else if (does === 'takeBack') {
      for (const back of waiting.filter((one) => one !== NOTICE)) leave('popAll', back)
      waiting = waiting.filter((one) => one === NOTICE)
    } else if (does === 'kill') {
      lost.push(...waiting)
      waiting = []
      works = false
    }
  }
  return { lines, truth }
}
