import { rmSync } from 'node:fs'
import { WorkstreamError } from '@arawn/core/error'
import type { WorkstreamManager } from '@arawn/core/workstream-manager'
import { followInPieces } from '@arawn/testkit/follow-in-pieces'
import { eventsInLogs, eventText } from '@arawn/testkit/logged-events'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createDataDir, type DataDir } from './open-manager.js'
import { toldWithin } from './told-within.js'

const id = fc.constantFrom('a', 'b', 'scratch')
const handle = fc.constantFrom(0, 1)
const kind = <Kind extends string>(value: Kind) => fc.constant(value)

const step = fc.oneof(
  fc.record({ kind: kind('create'), handle, id: fc.constantFrom('a', 'b') }),
  { weight: 6, arbitrary: fc.record({ kind: kind('send'), handle, id, count: fc.integer({ min: 1, max: 6 }) }) },
  fc.record({ kind: kind('end'), handle, id }),
  fc.record({ kind: kind('title'), handle, id, title: fc.constantFrom('x', 'y', null) }),
  fc.record({ kind: kind('state'), handle, id, change: fc.constantFrom('pause', 'resume', 'archive', 'unarchive') }),
  fc.record({
    kind: kind('hand'),
    handle,
    id,
    lines: fc.array(fc.constantFrom('message', 'nonsense', ''), { minLength: 1, maxLength: 3 }),
  }),
  fc.record({ kind: kind('rebuild'), handle }),
  fc.record({ kind: kind('lose'), handle }),
  fc.record({ kind: kind('reopen'), handle }),
  fc.record({ kind: kind('reopenFollower'), handle }),
  fc.record({ kind: kind('wait'), handle, ms: fc.constantFrom(1, 60_000, -5_000) }),
  fc.record({ kind: kind('pause'), handle, ms: fc.constantFrom(0, 5, 30) }),
)
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never

interface Scene {
  readonly dir: DataDir
  readonly handles: WorkstreamManager[]
  follower: WorkstreamManager
}

async function take(scene: Scene, one: Step): Promise<unknown> {
  const { dir, handles } = scene
  const manager = handles[one.handle]
  const other = handles[1 - one.handle]
  if (manager === undefined || other === undefined) throw new Error('no such handle')
  switch (one.kind) {
    case 'create':
      return manager.createWorkstream({ id: one.id })
    case 'send':
      return Promise.all(
        Array.from({ length: one.count }, (_, n) =>
          refused((n % 3 === 2 ? other : manager).sendMessage({ workstream: one.id, content: `said ${n}` })),
        ),
      )
    case 'end':
      return manager.endSession(one.id)
    case 'title':
      return manager.updateWorkstream(one.id, { title: one.title })
    case 'state':
      return manager[`${one.change as 'pause' | 'resume' | 'archive' | 'unarchive'}Workstream`](one.id)
    case 'hand':
      for (const line of one.lines) {
        const message = JSON.stringify({ role: 'user', content: 'by hand', timestamp: '2026-01-15T12:00:00Z' })
        dir.appendByHand(one.id, 'messages', `${line === 'message' ? message : line}\n`)
      }
      return
    case 'rebuild':
      return manager.rebuildIndex()
    case 'lose':
      for (const suffix of ['', '-wal', '-shm']) rmSync(dir.indexPath + suffix, { force: true })
      return
    case 'reopen':
      await manager.close()
      handles[one.handle] = await dir.open()
      return
    case 'reopenFollower': {
      const before = scene.follower
      scene.follower = await dir.open()
      return before.close()
    }
    case 'wait':
      return dir.clock.advance(one.ms)
    case 'pause':
      return new Promise((resolve) => setTimeout(resolve, one.ms))
  }
}

/** A user's mistake is an answer; anything else is a defect. */
async function refused(work: Promise<unknown>): Promise<void> {
  const mistakes = /^(WORKSTREAM_(NOT_FOUND|EXISTS|ARCHIVED)|SESSION_NOT_ACTIVE|STATE_CHANGE_REFUSED)$/
  try {
    await work
  } catch (error) {
    if (!(error instanceof WorkstreamError && mistakes.test(error.code))) throw error
  }
}

describe('what a follower has seen, in however many pieces', () => {
  it('is what the logs say, each line once and in order, after any use', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 20 }),
        fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 1, maxLength: 5 }),
        async (steps, pieces) => {
          const dir = createDataDir()
          try {
            const scene: Scene = { dir, handles: [await dir.open(), await dir.open()], follower: await dir.open() }
            let piece = 0
            const next = () => pieces[piece++ % pieces.length] ?? 1
            const own = followInPieces((input) => (scene.handles[0] ?? scene.follower).subscribe(input), 0, next)
            const other = followInPieces((input) => scene.follower.subscribe(input), 0, next)
            for (const one of steps) await refused(take(scene, one) as Promise<unknown>)
            // What was written by hand is seen by whoever asks for that workstream.
            for (const each of ['a', 'b']) await refused(scene.follower.getWorkstream(each))
            await scene.follower.getWorkstream('scratch')
            const logged = eventsInLogs(dir.workstreamsDir)
            for (const seen of await Promise.all([own, other].map((each) => each.finish(150, logged.length)))) {
              expect(seen.map(eventText)).toEqual(logged)
              expect(seen.some(({ type }) => type === 'workstream.resync')).toBe(false)
            }
          } finally {
            await dir.dispose()
          }
        },
      ),
      { numRuns: 40, ...toldWithin(180_000) },
    )
  }, 180_000)
})
