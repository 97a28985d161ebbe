import { resolve } from 'node:path'
import { type Desk, withManager } from '../command.js'
import type { ExportFormat } from '../commands/export.js'
import { badOption } from '../commands/options.js'
import { escapeUnsafe } from '../terminal/printable.js'
import { exportTarget, writeExport } from './write-export.js'

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
  if (output === '') throw badOption('--output', 'is empty: name a file')
  const path = output === undefined || output === '-' ? undefined : exportTarget(resolve(cwd, output), { force })
  await withManager(desk, async (manager) => {
    const bytes = format === 'native' ? await manager.exportNative(ref) : await manager.exportText(ref, format)
    if (path !== undefined) {
      const written = await writeExport(path, bytes, { force, interrupted })
      if (desk.json) return desk.printJson({ path, bytes: written })
      return desk.print(`${written} bytes written to ${path}`)
    }
    for await (const piece of bytes)
      await stdout.write(stdout.isTerminal && typeof piece === 'string' ? escapeUnsafe(piece) : piece)
  })
}
