import { existsSync } from 'node:fs'
import { createCountingIds } from '@arawn/testkit/counting-ids'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { asksAgain } from './asks-again.js'
import { dumpOf, everythingSeen } from './manager-steps.js'
import { careSteps } from './model/care-steps.js'
import { getWorkstream, listMessages, listSessions, listWorkstreams } from './model/model-reads.js'
import { createWorld, type World } from './model/model-world.js'
import { movingSteps } from './model/moving-steps.js'
import { eventSeen, follow, readingSteps, whatHappened } from './model/reading-steps.js'
import { comparable, type Handle, type Scene } from './model/step.js'
import { writingSteps } from './model/writing-steps.js'
import { createDataDir, type DataDir } from './open-manager.js'
import { toldWithin } from './told-within.js'

// More of them: ARAWN_MODEL_RUNS=2000. The same ones again: ARAWN_MODEL_SEED, as a failure names it.
const { ARAWN_MODEL_RUNS: runs, ARAWN_MODEL_SEED: seed } = process.env
const extent = runs === undefined ? { numRuns: 40, ...toldWithin(600_000) } : { numRuns: Number(runs) }

const program = fc.commands([...writingSteps, ...readingSteps, ...movingSteps, ...careSteps], {
  maxCommands: 80,
  size: 'max',
})

async function openScene(dir: DataDir): Promise<Scene> {
  const ids = createCountingIds()
  const open = async () => {
    const isFirst = !existsSync(dir.indexPath)
    const manager = asksAgain(await dir.open({ ids }))
    // Who opens a data dir without an index builds one at its first use, even when somebody else has done so meanwhile.
    if (isFirst) await manager.listWorkstreams()
    return manager
  }
  const handles: Handle[] = []
  for (let n = 0; n < 3; n++) handles.push({ manager: await open(), own: new Map() })
  return {
    dir,
    world: createWorld(dir.clock.nowMs()),
    handles,
    exports: [],
    story: [],
    keyed: [],
    cursors: [{ cursor: 0, place: 0 }],
    open,
  }
}

function everythingInModel(world: World): unknown {
  const list = listWorkstreams(world, { state: 'all' })
  const seen = list.map(({ id }) => ({
    workstream: getWorkstream(world, id),
    sessions: { items: listSessions(world, id, {}), hasMore: false },
    messages: listMessages(world, id, { limit: 1_000 }),
  }))
  return { list, seen }
}

async function expectAllTheSame({ world, handles }: Scene): Promise<void> {
  const happened = whatHappened(world).map(({ shown }) => shown)
  for (const { manager } of handles) {
    expect(comparable(await everythingSeen(manager))).toEqual(comparable(everythingInModel(world)))
    const events = await follow(manager, { since: 0 }, happened.length)
    expect(comparable(events.map(eventSeen))).toEqual(comparable(happened))
  }
  const [one, other] = handles
  if (one === undefined || other === undefined) throw new Error('no handles')
  expect((await one.manager.verify()).problems).toEqual([])
  const live = await dumpOf(one.manager)
  await other.manager.rebuildIndex()
  expect(live).toEqual(await dumpOf(one.manager))
}

/** A failure tells what was done before it. */
async function readably({ story }: Scene, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (error instanceof Error) error.message = `after\n  ${story.join('\n  ')}\n${error.message}`
    throw error
  }
}

describe('any program of operations', () => {
  it('is answered as the model says, step by step, by every handle', async () => {
    await fc.assert(
      fc.asyncProperty(program, async (steps) => {
        const dir = createDataDir()
        try {
          const scene = await openScene(dir)
          await readably(scene, async () => {
            await fc.asyncModelRun(() => ({ model: scene, real: scene }), steps)
            await expectAllTheSame(scene)
          })
        } finally {
          await dir.dispose()
        }
      }),
      { ...extent, ...(seed !== undefined && { seed: Number(seed) }) },
    )
  }, 3_600_000)
})
