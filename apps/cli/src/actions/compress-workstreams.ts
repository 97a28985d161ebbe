import type { CompressionReport } from '@arawn/core/memory-operations'
import type { WorkstreamManager } from '@arawn/core/workstream-manager'
import { type Desk, withManager } from '../command.js'
import { badOption } from '../commands/options.js'
import { printableLine } from '../terminal/printable.js'
import { createProgress } from '../terminal/progress.js'
import { receiptLine, stepLine } from '../terminal/receipt-line.js'

interface CompressOptions {
  readonly all?: boolean
  readonly session?: string
  readonly model?: string
  readonly dryRun?: boolean
}

const PAGE = 1_000

export async function compressWorkstreams(desk: Desk, [ref]: [ref?: string], options: CompressOptions): Promise<void> {
  const { all = false, session } = options
  if (all === (ref !== undefined)) throw badOption('ref', all ? 'and --all exclude each other' : 'or --all is missing')
  if (all && session !== undefined) throw badOption('--session', 'is of one workstream; --all means all of them')
  await withManager(desk, async (manager) => {
    if (ref !== undefined) return compressOne(desk, manager, ref, options)
    let after: string | undefined
    do {
      const page = await manager.listWorkstreams({ limit: PAGE, after })
      for (const { id } of page.items) await compressOne(desk, manager, id, options)
      after = page.next
    } while (after !== undefined)
  })
}

export async function compressOne(
  desk: Desk,
  manager: WorkstreamManager,
  ref: string,
  { session, model, dryRun, all = false }: CompressOptions,
): Promise<void> {
  const { world } = desk
  const progress = createProgress(world.stderr, world.now)
  const report = await manager
    .compress(ref, {
      session,
      model,
      dryRun,
      signal: world.interrupted,
      onProgress: ({ done, known }) => progress.show(`summarizing ${ref}: ${done} of ${known}`),
    })
    .finally(progress.end)
  if (desk.json) return desk.printJson(report)
  await tell(desk, report, { dryRun, isOneOfMany: all })
}

async function tell(
  desk: Desk,
  { workstream_id: id, made, left }: CompressionReport,
  { dryRun = false, isOneOfMany }: { dryRun?: boolean | undefined; isOneOfMany: boolean },
): Promise<void> {
  const isEmpty = made.length + left.length === 0
  if (isEmpty && isOneOfMany) return
  if (isOneOfMany) await desk.print(desk.colours.bold(printableLine(id)))
  if (isEmpty) return desk.print('Nothing to summarize.')
  for (const step of made) await desk.print(receiptLine(step, step.summary))
  for (const step of left) {
    const planned = step.problem === 'in_batch' ? ', a provider batch is open for it' : ''
    const note = dryRun ? planned : `  not done: ${printableLine(step.problem ?? 'unknown')}`
    await desk.print(`${stepLine(step)}${note}`)
  }
}
