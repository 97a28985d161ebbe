/** Steps that move whole workstreams: forks, the trash, exports that are restored. */
import { existsSync } from 'node:fs'
import type { WorkstreamId } from '@arawn/core/id'
import type { RestoredLine } from '@arawn/core/log-store'
import type { Workstream } from '@arawn/core/workstream'
import type { ForkWorkstreamInput } from '@arawn/core/workstream-operations'
import fc from 'fast-check'
import { exportedLines } from '../manager-steps.js'
import { comeBack, emptyTrash, fork, listTrash, purge, restoreFromTrash, showTrash } from './model-moves.js'
import { showWorkstream } from './model-reads.js'
import { find } from './model-world.js'
import { idOf, messageOf, reference, title } from './references.js'
import { pick, type Scene, steps } from './step.js'

const forkStep = steps(
  fc.record(
    { target: reference, nth: fc.nat(8), byId: fc.boolean(), title, id: fc.constantFrom('a', 'f', 'scratch') },
    { requiredKeys: ['target', 'byId'] },
  ),
  ({ target, nth, byId, ...rest }) => ({
    name: 'forkWorkstream',
    input(scene) {
      const original = idOf(scene, target)
      const input: ForkWorkstreamInput = { ...rest }
      if (nth !== undefined) input.message = messageOf(scene, original, nth, byId)
      return { original, input }
    },
    ask: ({ manager }, { original, input }) => manager.forkWorkstream(original, input),
    expected: ({ world }, { original, input }, answer) =>
      showWorkstream(fork(world, original, input, answer?.id ?? '(none)')),
  }),
)

const purgeStep = steps(reference, (target) => ({
  name: 'purgeWorkstream',
  input: (scene) => idOf(scene, target),
  ask: ({ manager }, id) => manager.purgeWorkstream(id),
  seen: (report) => ({ ...report, elsewhere: { ...report.elsewhere, forks: [...report.elsewhere.forks].sort() } }),
  expected: ({ world }, id, answer) => purge(world, id, answer?.trashed.name ?? '(none)'),
}))

/** An entry of the trash by its name, or what has an id. */
const entry = fc.oneof(fc.constantFrom('a', 'b'), fc.nat(5))

const restoreStep = steps(entry, (wanted) => ({
  name: 'restoreFromTrash',
  check: ({ world }) => world.trash.length > 0,
  input: ({ world }) => (typeof wanted === 'string' ? wanted : (pick(listTrash(world), wanted)?.name ?? 'nothing')),
  ask: async ({ manager }, name, scene) => withArrival(scene, await manager.restoreFromTrash(name)),
  expected: ({ world }, name, answer) => restoreFromTrash(world, name, answer?.arrived ?? false),
}))

const emptyStep = steps(
  fc.oneof(fc.nat(5), fc.constant(undefined), fc.record({ olderThanMs: fc.constantFrom(0, 60_000, 86_400_000) })),
  (which) => ({
    name: 'emptyTrash',
    input: ({ world }) => (typeof which === 'number' ? (pick(listTrash(world), which)?.name ?? 'nothing') : which),
    ask: ({ manager }, asked) => manager.emptyTrash(asked),
    expected: ({ world }, asked) => emptyTrash(world, asked).map(showTrash),
  }),
)

const exportStep = steps(reference, (target) => ({
  name: 'exportLogs',
  input: (scene) => idOf(scene, target),
  async ask({ manager }, id) {
    const lines: RestoredLine[] = []
    for await (const line of exportedLines(manager, id)) lines.push(line)
    return lines
  },
  seen: () => undefined,
  expected({ world, exports }, id, lines = []) {
    exports.push({ lines, workstream: structuredClone(find(world, id)) })
  },
}))

const restoreLogsStep = steps(fc.nat(5), (nth) => ({
  name: 'restoreLogs',
  check: ({ exports }) => exports.length > 0,
  input: ({ exports }) => ({ id: pick(exports, nth)?.workstream.id ?? ('nobody' as WorkstreamId), export: nth }),
  async ask({ manager }, { id }, scene) {
    const { lines } = pick(scene.exports, nth) ?? { lines: [] }
    return withArrival(scene, await manager.restoreLogs(id, asAsync(lines)))
  },
  expected({ world, exports }, _asked, answer) {
    const exported = structuredClone(pick(exports, nth)?.workstream)
    if (exported === undefined) throw new Error('nothing was exported')
    const arrived = comeBack(world, exported, answer?.arrived ?? false)
    return { workstream: showWorkstream(exported), arrived }
  },
}))

/** Whether its log ends with the word that it has lines from before. */
function withArrival({ dir }: Scene, workstream: Workstream): { workstream: Workstream; arrived: boolean } {
  const last = existsSync(dir.log(workstream.id, 'workstream')) && dir.recordsOf(workstream.id, 'workstream').at(-1)
  return { workstream, arrived: last !== false && last?.type === 'workstream_arrived' }
}

async function* asAsync<Item>(items: readonly Item[]): AsyncGenerator<Item> {
  yield* items
}

export const movingSteps = [
  forkStep,
  purgeStep,
  purgeStep,
  restoreStep,
  restoreStep,
  emptyStep,
  exportStep,
  restoreLogsStep,
]
