import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { WorkstreamManager } from '@arawn/core/workstream-manager'
import type { Command } from 'commander'
import { type Desk, withManager } from '../command.js'
import { type Named, referenceCandidates } from '../completion/reference-candidates.js'
import type { Shell } from '../completion/scripts.js'
import { readShellWord, writeBashWord } from '../completion/shell-word.js'
import { type Candidate, readCommandLine } from '../completion/what-to-complete.js'
import { isRemote } from '../open-place.js'
import { readSettings } from '../read-settings.js'
import { counted } from '../terminal/counted.js'
import { printableLine } from '../terminal/printable.js'
import { shortId } from '../terminal/short-id.js'

// Somebody has pressed Tab and waits. What takes longer than this is left out.
const PATIENCE_MS = 1_000
// The latest used ones; more nobody picks from.
const MOST_WORKSTREAMS = 500

/** Prints the kind of what may be typed, then a candidate a line: for bash as it is written, else with a description. */
export function completeWords(program: Command) {
  return async (desk: Desk, [shell, typed]: [shell: Shell, words: string[]]): Promise<void> => {
    const words = typed.map(readShellWord)
    const { text: last, open } = words.at(-1) ?? { text: '', open: undefined }
    const { completion, before, given } = readCommandLine(
      program,
      words.map(({ text }) => text),
    )
    if (completion.kind === 'files' || completion.kind === 'folders') return desk.print(completion.kind)
    const current = last.slice(before.length)
    const found =
      completion.kind === 'words'
        ? completion.words.filter(({ word }) => word.startsWith(current))
        : referenceCandidates(await thereIs(desk, given, NAMED[completion.kind]), current)
    const candidates = found.map((each) => ({ ...each, word: `${before}${each.word}` }))
    const lines = candidates.flatMap(shell === 'bash' ? (each) => writeBashWord(each.word, open) ?? [] : described)
    await desk.print(['words', ...lines].join('\n'))
  }
}

function described({ word, description }: Candidate): string {
  return description === '' ? word : `${word}\t${printableLine(description)}`
}

const NAMED = { workstreams: workstreamsOf, trash: trashOf }

async function workstreamsOf(manager: WorkstreamManager): Promise<Named[]> {
  const { items } = await manager.listWorkstreams({ state: 'all', limit: MOST_WORKSTREAMS })
  return items.map(({ id, title, message_count }) => ({
    title,
    ids: [id, shortId(id)],
    about: counted(message_count, 'message'),
  }))
}

async function trashOf(manager: WorkstreamManager): Promise<Named[]> {
  const entries = await manager.listTrash()
  return entries.map(({ title, name, workstreamId, bytes }) => ({
    title,
    ids: [name, workstreamId],
    about: counted(bytes, 'byte'),
  }))
}

/** Makes no data dir and no index where there is none. */
async function thereIs(
  desk: Desk,
  { dataDir, config, server }: Readonly<Record<string, string>>,
  find: (manager: WorkstreamManager) => Promise<Named[]>,
): Promise<Named[]> {
  const settings = readSettings(desk.world, { dataDir, config, server })
  if (!isRemote(settings) && !existsSync(join(settings.dataDir, 'index.db'))) return []
  const interrupted = AbortSignal.any([desk.world.interrupted, AbortSignal.timeout(PATIENCE_MS)])
  const found: Named[] = []
  await withManager({ ...desk, settings, world: { ...desk.world, interrupted } }, async (manager) => {
    found.push(...(await find(manager)))
  })
  return found
}
