import type { Workstream } from '@arawn/core/workstream'
import type { ListWorkstreamsInput } from '@arawn/core/workstream-operations'
import { type Desk, withManager } from '../command.js'
import { workstreamTable } from '../terminal/workstream-table.js'

interface ListOptions extends ListWorkstreamsInput {
  readonly limit: number
  readonly all?: boolean
}

const PAGE = 1_000

export async function listWorkstreams(desk: Desk, _args: [], options: ListOptions): Promise<void> {
  const { state, tag, text, limit, all = false, after } = options
  await withManager(desk, async (manager) => {
    const query = { state, tag, text, limit: all ? PAGE : limit }
    const found: Workstream[] = []
    let next = after
    do {
      const page = await manager.listWorkstreams({ ...query, after: next })
      if (desk.json) await desk.printJson(...page.items)
      else found.push(...page.items)
      next = page.next
    } while (all && next !== undefined)
    if (desk.json) return
    if (found.length > 0) await desk.print(workstreamTable(found, desk.world.now(), desk.world.stdout.columns))
    else if ((state ?? tag ?? text ?? after) !== undefined) await desk.print('No workstream is like that.')
    else await desk.print('No workstreams yet. Begin with: arawn send "a first thought"')
    if (next !== undefined) await desk.print(desk.colours.dim(`more: --after ${next}`))
  })
}
