import type { Metadata } from '@arawn/core/message'
import { type Desk, withManager } from '../command.js'
import { badOption } from '../commands/options.js'
import { printableLine } from '../terminal/printable.js'
import { titleOf } from '../terminal/title-of.js'
import { workstreamCard } from '../terminal/workstream-card.js'

interface CreateOptions {
  readonly id?: string
  readonly model?: string
  readonly tag?: string[]
  readonly metadata?: string[]
  readonly idempotencyKey?: string
}

export async function createWorkstream(desk: Desk, [title]: [title?: string], options: CreateOptions): Promise<void> {
  const { id, model, tag, metadata, idempotencyKey } = options
  const input = {
    id,
    title,
    default_model: model,
    tags: tag,
    metadata: metadata && metadataOf(metadata),
    idempotency_key: idempotencyKey,
  }
  await withManager(desk, async (manager) => {
    const created = await manager.createWorkstream(input)
    if (desk.json) return desk.printJson(created)
    return desk.print(`created ${created.id}  ${printableLine(titleOf(created))}`)
  })
}

/** `--no-x` gives false: the field is emptied. */
interface UpdateOptions {
  readonly title?: string | false
  readonly model?: string | false
  readonly tag?: string[]
  readonly tags?: false
  readonly metadata?: string[] | false
}

export async function updateWorkstream(desk: Desk, [ref]: [ref: string], options: UpdateOptions): Promise<void> {
  const { title, model, tag, tags, metadata } = options
  const changes = {
    title: title === false ? null : title,
    default_model: model === false ? null : model,
    tags: tags === false ? [] : tag,
    metadata: metadata === false ? {} : metadata && metadataOf(metadata),
  }
  if (Object.values(changes).every((change) => change === undefined))
    throw badOption('update', 'needs something to change, such as --title')
  await withManager(desk, async (manager) => {
    const changed = await manager.updateWorkstream(ref, changes)
    if (desk.json) return desk.printJson(changed)
    return desk.print(workstreamCard(changed, desk.world.now()))
  })
}

export function changeState(change: 'pause' | 'resume' | 'archive' | 'unarchive') {
  return async (desk: Desk, [ref]: [ref: string]): Promise<void> =>
    withManager(desk, async (manager) => {
      const changed = await manager[`${change}Workstream`](ref)
      if (desk.json) return desk.printJson(changed)
      return desk.print(`${changed.id}  ${printableLine(titleOf(changed))}  is ${changed.state}`)
    })
}

function metadataOf(pairs: readonly string[]): Metadata {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=')
      if (at < 1) throw badOption('--metadata', `takes key=value, not "${pair}"`)
      return [pair.slice(0, at), pair.slice(at + 1)]
    }),
  )
}
