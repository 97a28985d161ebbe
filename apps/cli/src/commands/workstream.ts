import { WorkstreamError } from '@arawn/core/error'
import type { Metadata } from '@arawn/core/message'
import type { Workstream } from '@arawn/core/workstream'
import type { ListWorkstreamsInput, WorkstreamManager } from '@arawn/manager/workstream-manager'
import type { Command } from 'commander'
import { type Desk, withManager } from '../command.js'
import type { Register } from '../program.js'
import { printableLine } from '../terminal/printable.js'
import { titleOf, workstreamCard, workstreamTable } from '../terminal/show-workstream.js'
import { collect, positiveInteger } from './options.js'

const STATES = ['active', 'paused', 'archived', 'all'] as const

export function registerWorkstream(program: Command, { run }: Register): void {
  const workstream = program.command('workstream').alias('ws').description('create, list and change workstreams')

  workstream
    .command('create [title]')
    .description('create a workstream')
    .option('--id <id>', 'an id of your own: a-z, 0-9, "_" and "-", at most 64')
    .option('--model <profile>', 'the model profile that its turns use')
    .option('--tag <tag>', 'a tag; may be given several times', collect, [])
    .option('--metadata <key=value>', 'may be given several times', collect, [])
    .action(
      run(async (desk, [title], { id, model, tag, metadata }) =>
        withManager(desk, async (manager) => {
          const created = await manager.createWorkstream({
            id,
            title: title ?? null,
            default_model: model,
            tags: tag,
            metadata: metadata.length === 0 ? undefined : pairs(metadata),
          })
          await show(desk, created, `created ${created.id}  ${titleOf(created)}`)
        }),
      ),
    )

  workstream
    .command('list')
    .description('the latest used first')
    .option('--state <state>', `${STATES.join(', ')}; without it all but archived ones`)
    .option('--tag <tag>', 'only those with this tag')
    .option('--text <text>', 'only those with this in their title')
    .option('--limit <n>', 'how many at the most', positiveInteger('--limit'), 20)
    .option('--all', 'every one, however many')
    .option('--after <cursor>', 'go on where a page before ended')
    .action(run(async (desk, _args, options) => withManager(desk, (manager) => list(desk, manager, options))))

  workstream
    .command('show <ref>')
    .description('everything about one')
    .action(
      run(async (desk, [ref]) =>
        withManager(desk, async (manager) => {
          const found = await manager.getWorkstream(ref)
          if (desk.json) return desk.printJson(found)
          return desk.print(workstreamCard(found, desk.world.now()))
        }),
      ),
    )

  workstream
    .command('update <ref>')
    .description('change some of it; what is not named stays')
    .option('--title <title>')
    .option('--no-title', 'remove the title')
    .option('--model <profile>')
    .option('--no-model', 'use the model of the settings')
    .option('--tag <tag>', 'the new tags; may be given several times', collect)
    .option('--no-tags', 'remove all tags')
    .option('--metadata <key=value>', 'the new metadata; may be given several times', collect)
    .action(
      run(async (desk, [ref], { title, model, tag, tags, metadata }) =>
        withManager(desk, async (manager) => {
          const changed = await manager.updateWorkstream(ref, {
            title: emptied(title),
            default_model: emptied(model),
            tags: tags === false ? [] : tag,
            metadata: metadata === undefined ? undefined : pairs(metadata),
          })
          await show(desk, changed, workstreamCard(changed, desk.world.now()))
        }),
      ),
    )

  const changes = [
    ['pause', 'paused', 'take messages, but run no background duties'],
    ['resume', 'active', 'undo pause'],
    ['archive', 'archived', 'make it read-only and leave it out of lists'],
    ['unarchive', 'active', 'undo archive'],
  ] as const
  for (const [name, , description] of changes)
    workstream
      .command(`${name} <ref>`)
      .description(description)
      .action(
        run(async (desk, [ref]) =>
          withManager(desk, async (manager) => {
            const changed = await manager[`${name}Workstream`](ref)
            await show(desk, changed, `${changed.id}  ${titleOf(changed)}  is ${changed.state}`)
          }),
        ),
      )
}

async function list(desk: Desk, manager: WorkstreamManager, options: ListOptions): Promise<void> {
  const { state, tag, text, limit, all, after } = options
  if (state !== undefined && !STATES.some((known) => known === state))
    throw new WorkstreamError('INVALID_INPUT', `--state: one of ${STATES.join(', ')}`, {
      path: 'state',
      problem: `one of ${STATES.join(', ')}`,
    })
  const query: ListWorkstreamsInput = { state, tag, text, limit: all === true ? 1_000 : limit, after }
  let page = await manager.listWorkstreams(query)
  if (desk.json) await desk.printJson(...page.items)
  else if (page.items.length === 0) await desk.print('No workstreams yet. Begin with: arawn send "a first thought"')
  else await desk.print(workstreamTable(page.items, desk.world.now(), desk.world.stdout.columns))
  while (all === true && page.next !== undefined) {
    page = await manager.listWorkstreams({ ...query, after: page.next })
    if (desk.json) await desk.printJson(...page.items)
    else await desk.print(workstreamTable(page.items, desk.world.now(), desk.world.stdout.columns))
  }
  if (page.next !== undefined && !desk.json)
    await desk.print(desk.colours.dim(`more: arawn workstream list --after ${page.next}`))
}

interface ListOptions {
  state?: (typeof STATES)[number]
  tag?: string
  text?: string
  limit: number
  all?: boolean
  after?: string
}

async function show(desk: Desk, workstream: Workstream, text: string): Promise<void> {
  if (desk.json) await desk.printJson(workstream)
  else await desk.print(text.includes('\n') ? text : printableLine(text))
}

/** `--no-x` gives false: the field is emptied. */
function emptied(value: string | boolean | undefined): string | null | undefined {
  return value === false ? null : typeof value === 'string' ? value : undefined
}

function pairs(texts: readonly string[]): Metadata {
  return Object.fromEntries(
    texts.map((text) => {
      const at = text.indexOf('=')
      if (at < 1)
        throw new WorkstreamError('INVALID_INPUT', `--metadata: "${text}" is not key=value`, {
          path: 'metadata',
          problem: 'not key=value',
        })
      return [text.slice(0, at), text.slice(at + 1)]
    }),
  )
}
