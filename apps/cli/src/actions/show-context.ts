import type { ExplainContextInput } from '@arawn/core/memory-operations'
import type { WorkstreamManager } from '@arawn/core/workstream-manager'
import { type Desk, withManager } from '../command.js'
import { contextBars } from '../terminal/context-bars.js'
import { contextReasons } from '../terminal/context-reasons.js'

interface ContextOptions {
  readonly message?: string
  readonly model?: string
  readonly explain?: boolean
}

export async function showContext(desk: Desk, [ref]: [ref: string], options: ContextOptions): Promise<void> {
  const { message, model, explain } = options
  await withManager(desk, (manager) => printContext(desk, manager, ref, { message, model }, explain))
}

export async function printContext(
  desk: Desk,
  manager: WorkstreamManager,
  ref: string,
  input: ExplainContextInput,
  explain = false,
): Promise<void> {
  const context = await manager.explainContext(ref, input)
  if (desk.json) return desk.printJson(context)
  const { colours, world } = desk
  await desk.print(contextBars(context, colours, world.stdout.columns))
  if (explain) await desk.print(`\n${contextReasons(context, colours)}`)
}
