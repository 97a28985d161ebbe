import type { Message } from '@arawn/core/message'
import type { SendMessageInput } from '@arawn/core/message-operations'
import { type Desk, withManager } from '../command.js'
import { printableLine } from '../terminal/printable.js'
import { readText } from './read-text.js'

interface SendOptions {
  readonly workstream?: string
  readonly role: NonNullable<SendMessageInput['role']>
  readonly author?: string
  readonly idempotencyKey?: string
}

export async function sendMessage(
  desk: Desk,
  [text]: [text?: string],
  { workstream, role, author, idempotencyKey }: SendOptions,
): Promise<void> {
  const content = await readText(desk.world, text)
  await withManager(desk, async (manager) =>
    confirm(
      desk,
      workstream ?? 'scratch',
      await manager.sendMessage({ workstream, content, role, author, idempotency_key: idempotencyKey }),
    ),
  )
}

export async function pushMessage(
  desk: Desk,
  [ref, text]: [ref: string, text?: string],
  { author, idempotencyKey }: { readonly author?: string; readonly idempotencyKey?: string },
): Promise<void> {
  const content = await readText(desk.world, text)
  await withManager(desk, async (manager) =>
    confirm(
      desk,
      ref,
      await manager.pushAgentMessage({ workstream: ref, content, author, idempotency_key: idempotencyKey }),
    ),
  )
}

function confirm(desk: Desk, workstream: string, message: Message): Promise<void> {
  if (desk.json) return desk.printJson(message)
  return desk.print(`${message.id}  message ${message.sequence} of ${printableLine(workstream)}`)
}
