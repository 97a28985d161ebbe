import type { Coverage } from '@arawn/core/coverage'
import { WorkstreamError } from '@arawn/core/error'
import type { WorkstreamManager } from '@arawn/core/workstream-manager'
import { nodeFileSystem } from '@arawn/jsonl-store/node-file-system'
import { createFaultyFileSystem } from '@arawn/testkit/faulty-file-system'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { expectLevelWithLogs } from './manager-steps.js'
import { createDataDir, type DataDir, type OpenOptions } from './open-manager.js'
import { type Script, scriptedModels } from './scripted-models.js'
import { toldWithin } from './told-within.js'

const PLACES = ['scratch', 'a', 'b'] as const

const place = fc.constantFrom(...PLACES)
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('say' as const), place, count: fc.integer({ min: 1, max: 12 }) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('chat' as const), place }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('end' as const), place }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('compress' as const), place }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('due' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('push' as const), place }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('promote' as const), into: fc.constantFrom('a', 'b') }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('fork' as const), place: fc.constantFrom('a', 'b') }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('reopen' as const) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('crash' as const),
      /** How many writes it lives. */
      writes: fc.integer({ min: 0, max: 12 }),
      bytes: fc.integer({ min: 0, max: 200 }),
      during: fc.constantFrom(
        { do: 'say', place: 'a', count: 3 } as const,
        { do: 'chat', place: 'scratch' } as const,
        { do: 'compress', place: 'a' } as const,
        { do: 'promote', into: 'b' } as const,
        { do: 'fork', place: 'a' } as const,
      ),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('rebuild' as const) }) },
)
type Step = typeof step extends fc.Arbitrary<infer One> ? One : never

const words = (n: number) =>
  `We keep src/part-${n}.ts: run ${n} failed with E${n} after ${n * 7} ms. ${'so '.repeat(n % 90)}`

/** Answers, fails, says nothing, repeats itself or what it was sent, as the count has it. */
const liar: Script = (request, count) => {
  switch (count % 6) {
    case 0:
      throw new WorkstreamError('MODEL_FAILED', 'no', { profile: 'p', status: 500, problem: 'no' })
    case 1:
      return ''
    case 2:
      return 'again and again. '.repeat(400)
    case 3:
      return JSON.stringify(request.messages).slice(0, 20_000)
    default:
      return '## Objective\nKeep the parts.\n\n## Next step\nGo on.\n'
  }
}

async function take(manager: WorkstreamManager, one: Step, n: number): Promise<void> {
  switch (one.do) {
    case 'say':
      for (let said = 0; said < one.count; said++) {
        await manager.sendMessage({ workstream: one.place, content: words(n * 20 + said) })
        await manager.sendMessage({ workstream: one.place, role: 'assistant', content: words(n * 20 + said + 7) })
      }
      return
    case 'chat':
      await (await manager.chat({ workstream: one.place, content: words(n) })).ended
      return
    case 'push':
      await manager.pushAgentMessage({ workstream: one.place, content: words(n) })
      return
    case 'end':
      await manager.endSession(one.place)
      return
    case 'compress':
      await manager.compress(one.place)
      return
    case 'due':
      await manager.compressDue()
      return
    case 'promote':
      await manager.promote({ into: one.into })
      return
    case 'fork':
      await manager.forkWorkstream(one.place)
      return
    case 'rebuild':
      await manager.rebuildIndex()
  }
}

/** A handle that dies in the middle of something: half of a line is written, and then nothing any more. */
async function crash(dir: DataDir, options: OpenOptions, { writes, bytes, during }: Crash, n: number): Promise<void> {
  const fileSystem = createFaultyFileSystem(nodeFileSystem)
  const manager = await dir.open({ ...options, fileSystem })
  const forEver = { times: Number.MAX_SAFE_INTEGER, errno: 'EIO' }
  fileSystem.inject({ operation: 'write', nth: writes + 1, writesOnly: bytes })
  fileSystem.inject({ operation: 'write', nth: writes + 2, ...forEver })
  for (const operation of ['truncate', 'rename', 'remove'] as const) fileSystem.inject({ operation, ...forEver })
  await take(manager, during, n).catch(() => {})
  await manager.close().catch(() => {})
}
type Crash = Extract<Step, { do: 'crash' }>

/** What of the log a context holds beside echoes, in its own order. */
async function heldBy(manager: WorkstreamManager, id: string): Promise<number[]> {
  const { parts } = await manager.explainContext(id, { message: 'What now?' })
  return parts.flatMap(({ name, coverage }) => (name === 'echoes' ? [] : sequencesOf(coverage)))
}

function sequencesOf(coverage: Coverage): number[] {
  return coverage.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, n) => first + n))
}

async function expectHeldOnce(manager: WorkstreamManager): Promise<void> {
  const { items } = await manager.listWorkstreams({ limit: 100 })
  for (const { id } of items) {
    const visible: number[] = []
    for (let after = 0, more = true; more; ) {
      const page = await manager.listMessages(id, { after, limit: 1_000 })
      visible.push(...page.items.map(({ sequence }) => sequence))
      after = visible.at(-1) ?? 0
      more = page.hasNewer
    }
    const held = (await heldBy(manager, id)).sort((a, b) => a - b)
    const shown = new Set(visible)
    // The last one is the message that was made up. Summaries may also stand for lines that are no messages.
    expect(
      held.slice(0, -1).filter((sequence) => shown.has(sequence)),
      id,
    ).toEqual(visible)
    expect(new Set(held).size, id).toBe(held.length)
  }
}

it('every context holds every visible message once, whatever is said, compressed, moved, forked or rebuilt, and whoever dies over it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 25 }), fc.boolean(), async (steps, hasModel) => {
      const dir = createDataDir()
      const compression = { maxHistory: 20, contextWindow: 6, maxSummaryTokens: 300, model: hasModel ? 'cheap' : null }
      const options = { models: scriptedModels(liar), compression: { ...compression, minMessages: 2 } }
      try {
        let manager = await dir.open(options)
        for (const id of ['a', 'b']) await manager.createWorkstream({ id, title: id.toUpperCase() })
        for (const [n, one] of steps.entries()) {
          if (one.do === 'crash') await crash(dir, options, one, n)
          else if (one.do === 'reopen') {
            await manager.close()
            manager = await dir.open(options)
          } else
            await take(manager, one, n).catch((error: unknown) => {
              // There may be nothing to end, or to move.
              if (!(error instanceof WorkstreamError) || !EXPECTED.includes(error.code)) throw error
            })
          await expectHeldOnce(manager)
        }
        // What a turn has left to the background is written by now: rows and logs are compared as they stand, not as they move.
        await manager.close()
        await expectLevelWithLogs(await dir.open(options))
      } finally {
        await dir.dispose()
      }
    }),
    {
      numRuns: Number(process.env.ARAWN_COVERAGE_RUNS ?? 12),
      ...toldWithin(600_000),
    },
  )
}, 600_000)

const EXPECTED: readonly string[] = ['SESSION_NOT_ACTIVE', 'NOTHING_TO_PROMOTE']
