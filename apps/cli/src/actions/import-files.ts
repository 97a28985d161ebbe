import { basename, resolve } from 'node:path'
import { type ErrorCode, hasCode, WorkstreamError } from '@arawn/core/error'
import type { WorkstreamManager } from '@arawn/core/workstream-manager'
import { type Desk, withManager } from '../command.js'
import type { ImportFileFormat } from '../commands/import.js'
import { fail } from '../fail.js'
import { counted } from '../terminal/counted.js'
import { createProgress } from '../terminal/progress.js'
import { type FoundFile, findFiles } from './find-files.js'
import { type ImportedFile, importFile } from './import-file.js'

export interface ImportOptions {
  readonly format?: ImportFileFormat
  readonly title?: string
  readonly into?: string
}

// What is wrong with one file says nothing about the next. A disk that is full or a lock that is not given does.
const OF_ONE_FILE: readonly ErrorCode[] = [
  'IMPORT_UNREADABLE',
  'INVALID_INPUT',
  'LOG_LINE_TOO_LONG',
  'RESTORE_CONFLICT',
  'WORKSTREAM_ARCHIVED',
]

export async function importFiles(desk: Desk, [paths]: [paths: string[]], options: ImportOptions): Promise<void> {
  const { stderr, cwd, now } = desk.world
  const files = paths.flatMap((path) => findFiles(resolve(cwd, path)))
  await withManager(desk, async (manager) => {
    const progress = createProgress(stderr, now)
    let empty = 0
    try {
      for (const [n, file] of files.entries()) {
        progress.show(`importing ${n + 1} of ${files.length}: ${basename(file.path)}`)
        if ((await importOne(desk, manager, file, options, progress.clear)) === 'empty') empty++
      }
    } finally {
      progress.end()
    }
    if (empty > 0 && !desk.json) await desk.print(`${counted(empty, 'file')} without a message passed over`)
  })
}

async function importOne(
  desk: Desk,
  manager: WorkstreamManager,
  file: FoundFile,
  options: ImportOptions,
  clear: () => void,
): Promise<'empty' | undefined> {
  try {
    if (file.problem !== undefined) throw file.problem
    const report = async (imported: ImportedFile) => {
      clear()
      if (desk.json) await desk.printJson(imported.record)
      else await desk.print(imported.sentence)
    }
    return await importFile(manager, file, options, report)
  } catch (error) {
    if (file.isFound && hasCode(error, 'IMPORT_UNREADABLE') && error.details.isEmpty) return 'empty'
    if (!(error instanceof WorkstreamError) || !OF_ONE_FILE.includes(error.code)) throw error
    clear()
    desk.exitWith(await fail(desk.world, named(error, file.path), { json: desk.json }))
    return undefined
  }
}

/** Says which file it was, where the error itself does not. */
function named(error: WorkstreamError, path: string): WorkstreamError {
  if (error.message.includes(path)) return error
  return new WorkstreamError(error.code, `${path}: ${error.message}`, error.details, { cause: error })
}
