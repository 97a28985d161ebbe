import type { WorkstreamManager } from '@arawn/core/workstream-manager'

type Operations = Pick<
  WorkstreamManager,
  'createWorkstream' | 'sendMessage' | 'endSession' | 'compress' | 'levelSearch'
>

/** A history that a summary stands for: small talk, and among it one thing that matters. All of it can be found. */
export async function summarizedTalk(
  manager: Operations,
  said: string,
  { id = 'a', behind = 20 }: { readonly id?: string; readonly behind?: number } = {},
): Promise<void> {
  await manager.createWorkstream({ id, title: id })
  for (let n = 0; n < 40; n++) {
    if (n === behind) await manager.sendMessage({ workstream: id, content: said })
    await manager.sendMessage({ workstream: id, content: `Let us talk about the weather of day ${n} over tea.` })
    await manager.sendMessage({ workstream: id, role: 'assistant', content: `On day ${n} it rained, as always.` })
  }
  await manager.endSession(id)
  await manager.compress(id)
  await manager.levelSearch({ withinMs: 20_000 })
}
