import type { PromoteInput } from '@arawn/core/message-operations'
import { type Desk, withManager } from '../command.js'
import { counted } from '../terminal/counted.js'
import { printableLine } from '../terminal/printable.js'
import { titleOf } from '../terminal/title-of.js'

interface PromoteOptions extends Pick<PromoteInput, 'session' | 'messages' | 'title' | 'into'> {
  readonly idempotencyKey?: string
}

export async function promoteMessages(desk: Desk, _args: [], options: PromoteOptions): Promise<void> {
  const { session, messages, title, into, idempotencyKey } = options
  await withManager(desk, async (manager) => {
    const done = await manager.promote({ session, messages, title, into, idempotency_key: idempotencyKey })
    if (desk.json) return desk.printJson(done)
    const { id } = done.workstream
    return desk.print(`moved ${counted(done.messages, 'message')} to ${id}  ${printableLine(titleOf(done.workstream))}`)
  })
}
