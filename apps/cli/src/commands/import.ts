import { readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { errnoOf, hasCode, WorkstreamError } from '@arawn/core/error'
import { detectImportFormat, type ImportFormat, parseConversations } from '@arawn/engine/import-format'
import type { ImportReport, WorkstreamManager } from '@arawn/manager/workstream-manager'
import type { Command } from 'commander'
import { type Desk, withManager } from '../command.js'
import { fail } from '../fail.js'
import { isNativeExport, restoreNative } from '../native/native-import.js'
import type { Register } from '../program.js'
import { printableLine } from '../terminal/printable.js'
import { createProgress } from '../terminal/progress.js'
import { titleOf } from '../terminal/show-workstream.js'

const FORMATS = ['claude-code', 'openai', 'jsonl', 'native'] as const
type Format = (typeof FORMATS)[number]

export function registerImport(program: Command, { run }: Register): void {
  program
    .command('import <paths...>')
    .description('take conversations in, from files or all .jsonl files of a folder')
    .option('--format <format>', `one of ${FORMATS.join(', ')}; found by itself when not given`)
    .option('--title <title>', 'for a conversation that is new here')
    .option('--into <ref>', 'add to this workstream instead of a new one')
    .action(
      run(async (desk, args, { format, title, into }) => {
        if (format !== undefined && !FORMATS.some((known) => known === format))
          throw new WorkstreamError('INVALID_INPUT', `--format: one of ${FORMATS.join(', ')}`, {
            path: 'format',
            problem: `one of ${FORMATS.join(', ')}`,
          })
        await withManager(desk, async (manager) => {
          const files = args.flatMap((path) => filesAt(resolve(desk.world.cwd, path)))
          const progress = createProgress(desk.world.stderr, desk.world.now)
          for (const [n, file] of files.entries()) {
            progress.show(`importing ${n + 1} of ${files.length}: ${basename(file)}`)
            try {
              await importFile(desk, manager, file, { format, title, into })
            } catch (error) {
              progress.end()
              // One bad file of many does not keep the others out.
              if (files.length === 1 || !hasCode(error, 'IMPORT_UNREADABLE')) throw error
              desk.exitWith(await fail(desk.world, error, { json: desk.json }))
            }
          }
          progress.end()
        })
      }),
    )
}

interface ImportOptions {
  format?: Format | undefined
  title?: string | undefined
  into?: string | undefined
}

async function importFile(desk: Desk, manager: WorkstreamManager, file: string, options: ImportOptions): Promise<void> {
  if (options.format === 'native' || (options.format === undefined && isNativeExport(file))) {
    const workstream = await restoreNative(manager, file)
    if (desk.json) return desk.printJson({ workstream, restored: true })
    return desk.print(printableLine(`${basename(file)}: restored ${workstream.id}  ${titleOf(workstream)}`))
  }
  const text = readText(file)
  const format: ImportFormat | undefined = options.format ?? detectImportFormat(text.split('\n', 50))
  if (format === undefined)
    throw unreadable(file, `not recognized; say which it is with --format (${FORMATS.join(', ')})`)
  for (const { source, title, messages, skipped } of parseConversations({ format, text, location: file })) {
    const report = await manager.importConversation({
      source,
      title: options.title ?? title,
      into: options.into,
      messages,
    })
    if (desk.json) await desk.printJson({ ...report, file, format, skipped })
    else await desk.print(printableLine(sentence(file, report, skipped)))
  }
}

function sentence(file: string, report: ImportReport, skipped: Readonly<Record<string, number>>): string {
  const { workstream, created, added, alreadyThere, sessions } = report
  const where = created ? `new workstream ${workstream.id}` : workstream.id
  const passed = Object.entries(skipped).map(([what, count]) => `${count} ${what}`)
  return [
    `${basename(file)}: ${added} messages added to ${where} "${titleOf(workstream)}"`,
    ...(sessions > 0 ? [`${sessions} sessions`] : []),
    ...(alreadyThere > 0 ? [`${alreadyThere} were there already`] : []),
    ...(passed.length > 0 ? [`passed over: ${passed.join(', ')}`] : []),
  ].join('; ')
}

function filesAt(path: string): string[] {
  try {
    if (!statSync(path).isDirectory()) return [path]
    return readdirSync(path)
      .filter((name) => /\.jsonl$/i.test(name))
      .sort()
      .map((name) => join(path, name))
  } catch (error) {
    throw unreadable(path, errnoOf(error), error)
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw unreadable(file, errnoOf(error), error)
  }
}

function unreadable(file: string, problem: string, cause?: unknown): WorkstreamError<'IMPORT_UNREADABLE'> {
  return new WorkstreamError('IMPORT_UNREADABLE', `${file}: ${problem}`, { file, problem }, { cause })
}
