/** Steps of what happens to clocks, handles and files, and of who looks after that. */
import { rmSync } from 'node:fs'
import fc from 'fast-check'
import { restoreTornTail, writeByHand } from './model-messages.js'
import { forgetIndex, mayForgetIndex } from './model-moves.js'
import { getWorkstream } from './model-reads.js'
import type { ModelTornTail } from './model-world.js'
import { idOf } from './references.js'
import { pick, steps } from './step.js'

const clockStep = steps(
  fc.constantFrom(1, 60_000, 29 * 60_000, 30 * 60_000, 86_400_000, 365 * 86_400_000, -86_400_000),
  (ms) => ({
    name: 'the clock moves',
    input: () => ms,
    ask: async (_handle, _ms, { dir }) => dir.clock.advance(ms),
    expected({ world }) {
      world.nowMs += ms
    },
  }),
)

const reopenStep = steps(fc.constant(undefined), () => ({
  name: 'is closed and opened again',
  input: () => undefined,
  async ask(handle, _input, scene) {
    await handle.manager.close()
    handle.manager = await scene.open()
  },
  expected(_scene, _input, _answer, handle) {
    handle.own = new Map()
  },
}))

const rebuildStep = steps(fc.constant(undefined), () => ({
  name: 'rebuildIndex',
  check: ({ world }) => mayForgetIndex(world),
  input: () => undefined,
  ask: ({ manager }) => manager.rebuildIndex(),
  seen: ({ workstreams }) => workstreams,
  expected({ world }) {
    forgetIndex(world)
    return world.workstreams.size
  },
}))

const loseStep = steps(fc.constant(undefined), () => ({
  name: 'finds the index deleted',
  check: ({ world }) => mayForgetIndex(world),
  input: () => undefined,
  async ask(_handle, _input, { dir }) {
    for (const suffix of ['', '-wal', '-shm']) rmSync(dir.indexPath + suffix, { force: true })
  },
  expected: ({ world }) => forgetIndex(world),
}))

const handWritten = fc.record(
  {
    id: fc.constantFrom('m1', 'm2'),
    session_id: fc.constantFrom('s1', 's2'),
    timestamp: fc.constantFrom('2026-01-15T08:00:00Z', '2026-01-15T12:00:00+02:00'),
    role: fc.constantFrom('user', 'assistant'),
    content: fc.constant('by hand'),
  },
  { requiredKeys: ['timestamp', 'role', 'content'] },
)

const wholeMessage: ModelTornTail['message'] = { role: 'user', content: 'torn', timestamp: '2026-01-15T08:00:00Z' }
const tornTail = fc.option(fc.constantFrom('half of one', 'a whole one'), { nil: undefined })

/** Somebody writes into the log, and the handle is the next one to look. A tail without LF was never said. */
const handStep = steps(
  fc.record({
    target: fc.oneof(fc.constantFrom('a', 'b', 'h'), fc.nat(7)),
    lines: fc.array(fc.option(handWritten, { nil: undefined }), { maxLength: 3 }),
    tail: tornTail,
  }),
  ({ target, lines, tail }) => ({
    name: 'somebody writes by hand',
    input(scene) {
      const id = idOf(scene, target)
      return { id: id === 'nobody' ? 'h' : id, lines, tail }
    },
    async ask({ manager }, { id }, { dir }) {
      const texts = lines.map((line) => `${line === undefined ? 'nonsense' : JSON.stringify(line)}\n`)
      if (tail !== undefined) texts.push(tail === 'a whole one' ? JSON.stringify(wholeMessage) : '{"role":"us')
      if (texts.length > 0) dir.appendByHand(id, 'messages', texts.join(''))
      return manager.getWorkstream(id)
    },
    expected({ world, dir }, { id }) {
      for (const line of lines) writeByHand(world, id, line)
      const message = tail === 'a whole one' ? wholeMessage : undefined
      for (const name of dir.quarantined())
        if (!world.tornTails.some((known) => known.name === name))
          world.tornTails.push({ name, workstreamId: id, message })
      return getWorkstream(world, id)
    },
  }),
)

const giveBackStep = steps(fc.nat(4), (nth) => ({
  name: 'restoreTornTail',
  check: ({ world }) => world.tornTails.length > 0,
  input: ({ world }) => pick(world.tornTails, nth)?.name ?? 'nothing',
  async ask({ manager }, name) {
    const report = await manager.restoreTornTail(name)
    const { items } = await manager.listMessages(report.workstreamId, { limit: 1 })
    return { report, drawn: report.added.length > 0 ? items[0] : undefined }
  },
  seen: ({ report }) => report,
  expected: ({ world }, name, answer) => restoreTornTail(world, name, answer?.drawn),
}))

const verifyStep = steps(fc.constantFrom('verify', 'repair'), (name) => ({
  name,
  input: () => undefined,
  async ask({ manager }) {
    if (name === 'verify') return { done: [], report: await manager.verify() }
    return manager.repair()
  },
  seen({ done, report: { problems, workstreams, messages, quarantine } }) {
    return { done, problems, workstreams, messages, quarantine: quarantine.map((tail) => tail.name).sort() }
  },
  expected({ world: { workstreams, tornTails } }) {
    const messages = [...workstreams.values()].reduce((sum, one) => sum + one.messages.length, 0)
    const quarantine = tornTails.map((tail) => tail.name).sort()
    return { done: [], problems: [], workstreams: workstreams.size, messages, quarantine }
  },
}))

export const careSteps = [
  clockStep,
  clockStep,
  reopenStep,
  rebuildStep,
  loseStep,
  handStep,
  handStep,
  giveBackStep,
  verifyStep,
]
