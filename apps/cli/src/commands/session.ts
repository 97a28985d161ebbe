import type { Session } from '@arawn/core/session'
import type { Command } from 'commander'
import { withManager } from '../command.js'
import type { Register } from '../program.js'
import { relativeTime } from '../terminal/relative-time.js'
import { renderTable } from '../terminal/table.js'
import { positiveInteger } from './options.js'

export function registerSession(program: Command, { run }: Register): void {
  const session = program.command('session').description('list and end sessions')

  session
    .command('list <ref>')
    .description('the newest first')
    .option('--limit <n>', 'how many at the most', positiveInteger('--limit'), 20)
    .option('--after <cursor>', 'go on where a page before ended')
    .action(
      run(async (desk, [ref], { limit, after }) =>
        withManager(desk, async (manager) => {
          const page = await manager.listSessions(ref, { limit, after, newestFirst: true })
          if (desk.json) return desk.printJson(...page.items)
          await desk.print(sessionTable(page.items, desk.world.now(), desk.world.stdout.columns))
          if (page.next !== undefined)
            await desk.print(desk.colours.dim(`more: arawn session list ${ref} --after ${page.next}`))
        }),
      ),
    )

  session
    .command('end <ref>')
    .description('end the active session')
    .option('--session <id>', 'only if it is this one')
    .action(
      run(async (desk, [ref], options) =>
        withManager(desk, async (manager) => {
          const ended = await manager.endSession(ref, options.session)
          if (desk.json) return desk.printJson(ended)
          return desk.print(`ended ${ended.id}, ${ended.message_count} messages in ${ended.turn_count} turns`)
        }),
      ),
    )
}

function sessionTable(sessions: readonly Session[], nowMs: number, width: number | undefined): string {
  const rows = sessions.map((session) => [
    session.id,
    session.reason === null ? session.status : `${session.status} (${session.reason})`,
    String(session.turn_count),
    String(session.message_count),
    session.started_at,
    session.ended_at === null ? '' : relativeTime(session.ended_at, nowMs),
  ])
  return renderTable(['ID', 'STATUS', 'TURNS', 'MESSAGES', 'STARTED', 'ENDED'], rows, {
    width,
    shrink: 1,
    numeric: [2, 3],
  })
}
