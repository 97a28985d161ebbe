import { constants } from 'node:buffer'
import { readFileSync, statSync } from 'node:fs'
import { basename } from 'node:path'
import type { ImportReport } from '@arawn/core/transfer-operations'
import type { WorkstreamManager } from '@arawn/core/workstream-manager'
import { detectImportFormat, type ImportFormat, parseConversations } from '@arawn/engine/import-format'
import { counted } from '../terminal/counted.js'
import { printableLine } from '../terminal/printable.js'
import { titleOf } from '../terminal/title-of.js'
import type { FoundFile } from './find-files.js'
import type { ImportOptions } from './import-files.js'
import { isNativeExport, restoreNative } from './native-file.js'
import { unreadable } from './unreadable.js'

/** What became of one conversation of a file: for programs and for people. */
export interface ImportedFile {
  readonly record: object
  readonly sentence: string
}

/** @returns 'empty' when it was passed over, since nothing in it is a message */
export async function importFile(
  manager: WorkstreamManager,
  { path: file, isFound, isGuess }: FoundFile,
  options: ImportOptions,
  report: (imported: ImportedFile) => Promise<void>,
): Promise<'empty' | undefined> {
  if (options.format === 'native' || (options.format === undefined && isNativeExport(file))) {
    const workstream = await restoreNative(manager, file)
    const sentence = `${basename(file)}: restored ${workstream.id}  ${titleOf(workstream)}`
    await report({ record: { workstream, restored: true, file, format: 'native' }, sentence: printableLine(sentence) })
    return undefined
  }
  const text = readText(file)
  const format: ImportFormat | undefined = options.format ?? detectImportFormat(text.split('\n', 50))
  const isEmpty = text.trim() === ''
  if (format === undefined && (isGuess || (isFound && isEmpty))) return 'empty'
  if (format === undefined && isEmpty) throw unreadable(file, 'the file is empty', { isEmpty })
  if (format === undefined) throw unreadable(file, 'its format is not recognized; say which it is with --format')
  for (const { source, title, messages, skipped } of parseConversations({ format, text, location: file })) {
    const { into } = options
    const done = await manager.importConversation({ source, title: options.title ?? title, into, messages })
    await report({
      record: { ...done, file, format, skipped },
      sentence: printableLine(sentenceOf(file, done, skipped)),
    })
  }
  return undefined
}

function sentenceOf(file: string, report: ImportReport, skipped: Readonly<Record<string, number>>): string {
  const { workstream, created, added, alreadyThere, sessions } = report
  const where = created ? `new workstream ${workstream.id}` : workstream.id
  const passed = Object.entries(skipped).map(([what, count]) => `${count} ${what}`)
  return [
    `${basename(file)}: ${counted(added, 'message')} added to ${where} "${titleOf(workstream)}"`,
    ...(sessions > 0 ? [counted(sessions, 'session')] : []),
    ...(alreadyThere > 0 ? [`${alreadyThere} there already`] : []),
    ...(passed.length > 0 ? [`passed over: ${passed.join(', ')}`] : []),
  ].join('; ')
}

function readText(file: string): string {
  try {
    if (statSync(file).size > constants.MAX_STRING_LENGTH)
      throw unreadable(file, `it is larger than ${Math.floor(constants.MAX_STRING_LENGTH / 2 ** 20)} MiB; split it`)
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw error instanceof Error && 'details' in error ? error : unreadable(file, error)
  }
}
