import { WorkstreamError } from '@arawn/core/error'
import { roleSchema } from '@arawn/core/message'
import type { MessagePage } from '@arawn/manager/workstream-manager'
import type { Command } from 'commander'
import { type Desk, withManager } from '../command.js'
import type { Register } from '../program.js'
import { messageText } from '../terminal/show-message.js'
import { messageReference, positiveInteger } from './options.js'

const ROLES = roleSchema.exclude(['agent_push'])

export function registerMessage(program: Command, { run }: Register): void {
  program
    .command('send [text]')
    .description('append a message; without --workstream to scratch. Text may come on standard input')
    .option('-w, --workstream <ref>', 'an id or a title')
    .option('--role <role>', `one of ${ROLES.options.join(', ')}`, 'user')
    .option('--author <name>')
    .action(
      run(async (desk, [text], { workstream, role, author }) => {
        const parsed = ROLES.safeParse(role)
        if (!parsed.success)
          throw new WorkstreamError('INVALID_INPUT', `--role: one of ${ROLES.options.join(', ')}`, {
            path: 'role',
            problem: `one of ${ROLES.options.join(', ')}`,
          })
        const content = await textOrInput(desk, text)
        await withManager(desk, async (manager) => {
          const message = await manager.sendMessage({ workstream, content, role: parsed.data, author })
          if (desk.json) return desk.printJson(message)
          return desk.print(`${message.id}  message ${message.sequence} of ${workstream ?? 'scratch'}`)
        })
      }),
    )

  program
    .command('push <ref> [text]')
    .description('append a message of an agent or a background job')
    .option('--author <name>', 'who pushes')
    .action(
      run(async (desk, [ref, text], { author }) => {
        const content = await textOrInput(desk, text)
        await withManager(desk, async (manager) => {
          const message = await manager.pushAgentMessage({ workstream: ref, content, author })
          if (desk.json) return desk.printJson(message)
          return desk.print(`${message.id}  message ${message.sequence} of ${ref}`)
        })
      }),
    )

  program
    .command('history <ref>')
    .description('the latest messages, oldest of them first')
    .option('--limit <n>', 'how many at the most', positiveInteger('--limit'), 50)
    .option('--all', 'from the first to the last')
    .option('--before <message>', 'those before this one: an id or a number')
    .option('--after <message>', 'those after this one')
    .option('--around <message>', 'this one and its neighbours')
    .action(
      run(async (desk, [ref], { limit, all, before, after, around }) =>
        withManager(desk, async (manager) => {
          if (all !== true) {
            const borders = {
              before: messageReference(before),
              after: messageReference(after),
              around: messageReference(around),
            }
            return printPage(desk, await manager.listMessages(ref, { limit, ...borders }))
          }
          for (let last = 0, more = true; more; ) {
            const page = await manager.listMessages(ref, { limit: 500, after: last })
            await printPage(desk, page)
            last = page.items.at(-1)?.sequence ?? last
            more = page.hasNewer && page.items.length > 0
          }
        }),
      ),
    )
}

async function printPage(desk: Desk, { items }: MessagePage): Promise<void> {
  if (desk.json) return desk.printJson(...items)
  for (const message of items) await desk.print(messageText(message, desk.colours))
}

/** What was said: the argument, or standard input when it is `-` or missing and something is piped in. */
async function textOrInput({ world }: Desk, text: string | undefined): Promise<string> {
  if (text !== undefined && text !== '-') return text
  if (text === undefined && world.stdin.isTerminal)
    throw new WorkstreamError('INVALID_INPUT', 'text: nothing to say; give a text or pipe one in', {
      path: 'text',
      problem: 'missing',
    })
  return (await world.stdin.text()).replace(/\r?\n$/, '')
}
