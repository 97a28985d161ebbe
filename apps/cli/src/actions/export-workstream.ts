import { resolve } from 'node:path'
import type { Session } from '@arawn/core/session'
import { exportMarkdown } from '@arawn/engine/export-markdown'
import { exportOpenAi } from '@arawn/engine/export-openai'
import type { WorkstreamManager } from '@arawn/manager/workstream-manager'
import { type Desk, withManager } from '../command.js'
import type { ExportFormat } from '../commands/export.js'
import { badOption } from '../commands/options.js'
import { nativeExport } from '../native/native-export.js'
import { escapeUnsafe } from '../terminal/printable.js'
import { allMessages } from './all-messages.js'
import { refuseTaken, writeExport } from './write-export.js'

interface ExportOptions {
  readonly format: ExportFormat
  readonly output?: string
  readonly force?: boolean
}

export async function exportWorkstream(desk: Desk, [ref]: [ref: string], options: ExportOptions): Promise<void> {
  const { format, output, force = false } = options
  const { cwd, stdout, interrupted } = desk.world
  // A log may hold any bytes, and a terminal obeys some of them.
  if (output === undefined && format === 'native' && stdout.isTerminal)
    throw badOption('--output', 'is missing: a native export is no text for a terminal; name a file or pipe it')
  const path = output === undefined || output === '-' ? undefined : resolve(cwd, output)
  if (path !== undefined && !force) refuseTaken(path)
  await withManager(desk, async (manager) => {
    const bytes = format === 'native' ? nativeExport(await manager.exportLogs(ref)) : WRITERS[format](manager, ref)
    if (path !== undefined) {
      const written = await writeExport(path, bytes, { force, interrupted })
      if (desk.json) return desk.printJson({ path, bytes: written })
      return desk.print(`${written} bytes written to ${path}`)
    }
    for await (const piece of bytes)
      await stdout.write(stdout.isTerminal && typeof piece === 'string' ? escapeUnsafe(piece) : piece)
  })
}

const WRITERS = { openai: openAi, markdown }

// Both throw before anything is written when there is no such workstream.

async function* openAi(manager: WorkstreamManager, ref: string): AsyncGenerator<string> {
  const { id } = await manager.getWorkstream(ref)
  yield* exportOpenAi(allMessages(manager, id))
}

async function* markdown(manager: WorkstreamManager, ref: string): AsyncGenerator<string> {
  const workstream = await manager.getWorkstream(ref)
  const sessions: Session[] = []
  for (let after: string | undefined, more = true; more; ) {
    const page = await manager.listSessions(workstream.id, { limit: 1_000, after })
    sessions.push(...page.items)
    after = page.next
    more = after !== undefined
  }
  yield* exportMarkdown({ workstream, sessions, messages: allMessages(manager, workstream.id) })
}
