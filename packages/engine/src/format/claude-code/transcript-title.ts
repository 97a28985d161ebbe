import { titleOf } from '../../title-of.js'
import { type JsonObject, stringOf } from '../json-value.js'
import type { DraftMessage } from './draft-message.js'

/**
 * The name somebody gave, or the summary of this session, or the first thing that the user said. The slug is the last
 * choice: it is three random words, as in "modular-petting-thompson".
 */
export function transcriptTitle(lines: readonly JsonObject[], drafts: readonly DraftMessage[]): string | null {
  const given = lines.findLast(({ type }) => type === 'custom-title')
  const said = drafts.find((draft) => saidByUser(draft) !== undefined)
  return (
    titleOf(stringOf(given?.customTitle)) ??
    titleOf(summary(lines)) ??
    titleOf(said === undefined ? undefined : saidByUser(said)) ??
    titleOf(lines.map(({ slug }) => stringOf(slug)).find((slug) => slug !== undefined))
  )
}

/** A file may begin with summaries of other sessions; `leafUuid` is the last line of the one that was summarized. */
function summary(lines: readonly JsonObject[]): string | undefined {
  const summaries = lines.filter(({ type }) => type === 'summary')
  if (summaries.length === 0) return undefined
  const uuids = new Set(lines.map(({ uuid }) => stringOf(uuid)))
  const own = summaries.findLast(({ leafUuid }) => typeof leafUuid !== 'string' || uuids.has(leafUuid))
  return stringOf(own?.summary)
}

/** Undefined for what the program itself put into the user's mouth. Of a slash command its arguments are the user's. */
function saidByUser({ role, content, metadata }: DraftMessage): string | undefined {
  if (role !== 'user' || metadata.meta === true || metadata.compact_summary === true) return undefined
  const text = content.trim()
  const words = /^<command-/.test(text) ? (/<command-args>(.*?)<\/command-args>/s.exec(text)?.[1]?.trim() ?? '') : text
  return words === '' || WRAPPERS.test(words) ? undefined : words
}

const WRAPPERS =
  /^(<(local-command|command|bash|task-notification|system-reminder|ide|user-memory)[a-z-_]*>|Caveat: |\[Request interrupted|\[image\]$|\[document\]$)/
