import { type Desk, withManager } from '../command.js'
import { counted } from '../terminal/counted.js'
import { printableLine } from '../terminal/printable.js'
import { titleOf } from '../terminal/title-of.js'

interface ForkOptions {
  readonly at?: number | string
  readonly title?: string
  readonly id?: string
}

export async function forkWorkstream(desk: Desk, [ref]: [ref: string], options: ForkOptions): Promise<void> {
  const { at, title, id } = options
  await withManager(desk, async (manager) => {
    const fork = await manager.forkWorkstream(ref, { message: at, title, id })
    if (desk.json) return desk.printJson(fork)
    const messages = counted(fork.message_count, 'message')
    return desk.print(`created ${fork.id}  ${printableLine(titleOf(fork))}, ${messages}`)
  })
}
