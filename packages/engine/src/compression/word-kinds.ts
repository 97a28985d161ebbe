/** Tells by its letters what a word without blanks is: a path, an address, a name in code, or nothing in particular. */

import type { SpecificClass } from '@arawn/core/summary'

export interface KnownWord {
  readonly class: SpecificClass
  readonly text: string
}

/**
 * Every expression here runs on one word of at most MAX_WORD characters, so none of them can take long,
 * whatever somebody writes.
 */
export const MAX_WORD = 300

export function kindOfWord(raw: string): KnownWord | undefined {
  const word = withoutEdges(raw)
  if (word.length < 3 || word.length > MAX_WORD || SECRET.test(word)) return undefined
  if (word.includes('://')) return URL_WORD.test(word) ? { class: 'url', text: word } : undefined
  if (EMAIL.test(word)) return { class: 'name', text: word }
  if (REMOTE.test(word)) return { class: 'url', text: word }
  if (word.includes('/') || word.includes('\\')) return kindOfPath(word)
  const isoDate = ISO_DATE.exec(word) ?? OTHER_DATE.exec(word)
  if (isoDate !== null) return { class: 'date', text: isoDate[1] ?? word }
  if (NUMBER_WITH_UNIT.test(word) || VERSION.test(word)) return { class: 'number', text: word }
  if (HOST_AND_PORT.test(word)) return { class: 'url', text: word }
  const file = FILE_AND_LINE.exec(word)?.[1] ?? word
  if (isFileName(file)) return { class: 'path', text: file }
  if (ERROR_NAME.test(word) || ERROR_CODES.has(word)) return { class: 'error', text: word }
  return isIdentifier(word) ? { class: 'identifier', text: word } : undefined
}

/** Keys of well-known services: a ledger would hand them to every model from then on. */
const SECRET =
  /^(?:sk-[\w-]{16,}|(?:sk|pk|rk)_(?:live|test)_\w{8,}|gh[oprsu]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|xox[abeoprs]-[\w-]{10,}|(?:AKIA|ASIA)[A-Z0-9]{12,}|AIza[\w-]{30,}|npm_\w{20,}|eyJ[\w-]{10,}\.[\w-]+(?:\.[\w-]*)?)$/

/** A sentence's dot, a colon of a list, the dashes of a flag belong to no word. */
function withoutEdges(word: string): string {
  let from = 0
  let to = word.length
  while (from < to && LEADING.includes(word[from] ?? '')) from++
  // A dot may begin a name (`.env`, `./run`), an ellipsis does not.
  if (word.startsWith('...', from)) from += 3
  while (to > from && TRAILING.includes(word[to - 1] ?? '')) to--
  return word.slice(from, to)
}
const LEADING = ':,;!?*+=&%-'
const TRAILING = '.,:;!?*+=&~-'

const URL_WORD = /^[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/]/i
const EMAIL = /^[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}$/
const REMOTE = /^[\w.-]{1,64}@[\w.-]{1,100}:[\w./~-]+$/
const HOST_AND_PORT = /^(?:localhost|\d{1,3}(?:\.\d{1,3}){3}|[a-z][\w-]*(?:\.[a-z][\w-]*)+):\d{2,5}$/i
const ISO_DATE = /^(\d{4}-\d{2}-\d{2})(?:$|T)/
const OTHER_DATE = /^(\d{1,2}\.\d{1,2}\.\d{4}|\d{4}\.\d{2}\.\d{2})$/
const NUMBER_WITH_UNIT =
  /^[$€£¥]?\d[\d,.]*(?:%|‰|°C|°F|[kKMGT]i?[Bb]?(?:\/s)?|B|ns|µs|us|ms|s|sec|min|h|d|px|em|rem|fps|[kMG]?Hz|[mkck]?m|[mk]?g|[kM]?W|V|x|€|£|k|USD|EUR)$|^[$€£¥]\d[\d,.]*$/
const VERSION = /^v?\d+\.\d+\.\d+(?:-[\w.]+)?$|^v\d+(?:\.\d+)+$/
const FILE_AND_LINE = /^(.+\.[A-Za-z]\w{0,9}):\d+(?:[:-]\d+)?$/
const ERROR_NAME = /^[A-Za-z][\w.]*(?:Error|Exception)$/
const ERROR_CODES = new Set(
  `EACCES EADDRINUSE EADDRNOTAVAIL EAGAIN EBADF EBUSY ECONNABORTED ECONNREFUSED ECONNRESET EEXIST EINVAL EIO EISDIR
  EMFILE ENETUNREACH ENOENT ENOMEM ENOSPC ENOTCONN ENOTDIR ENOTEMPTY ENOTFOUND EPERM EPIPE EROFS ETIMEDOUT EXDEV
  ERESOLVE SIGABRT SIGBUS SIGINT SIGKILL SIGSEGV SIGTERM OOMKilled`.split(/\s+/),
)

function kindOfPath(word: string): KnownWord | undefined {
  if (!PATH_LETTERS.test(word)) return undefined
  if (ARITY.test(word)) return { class: 'identifier', text: word }
  if (SLASH_DATE.test(word)) return { class: 'date', text: word }
  const text = (FILE_AND_LINE.exec(word)?.[1] ?? word).replace(/[/\\]$/, '')
  const parts = text.split(/[/\\]+/)
  const last = parts.at(-1) ?? ''
  const isRooted = /^(?:~|\.{1,2}|[A-Za-z]:)?[/\\]/.test(text)
  // `and/or` and `input/output` are words; `src/app.ts`, `origin/fix-1` and `a/b/c` are paths.
  const isPath = isRooted
    ? parts.filter((part) => /[\p{L}\p{N}]/u.test(part)).length >= (parts[0] === '' ? 2 : 1) && text.length > 4
    : isFileName(last) || /[\d_.-]/.test(text) || (parts.length > 2 && /^[a-z@]/.test(text))
  return isPath && /\p{L}/u.test(text) ? { class: 'path', text } : undefined
}
const PATH_LETTERS = /^[\p{L}\p{N}_.~@:%+#$*\\/-]+$/u
const ARITY = /^[A-Za-z_][\w.]*[?!]?\/\d{1,2}$/
const SLASH_DATE = /^\d{1,4}\/\d{1,2}\/\d{1,4}$/

function isFileName(word: string): boolean {
  const dot = word.lastIndexOf('.')
  return dot >= 0 && FILE_TYPES.has(word.slice(dot + 1).toLowerCase()) && /^[\w.@+*-]+$/.test(word)
}
const FILE_TYPES = new Set(
  `bash bat bin c cc cfg cjs clj cmake conf cpp cs css csv cts dart db diff dll dockerfile env erl ex exs fish gif go
  gradle graphql gz h heex hpp hrl hs htm html ico ini ipynb jar java jpeg jpg js json jsonl jsx kt leex less lock log
  lua m md mdx mjs mk ml mp3 mp4 mts nix parquet patch pdf php pl plist png proto ps1 py rb rs rst sass scala scss sh
  so sql sqlite svelte svg swift tar tf toml ts tsv tsx txt vue wasm wav webp xls xlsx xml yaml yml zig zip zsh`.split(
    /\s+/,
  ),
)

function isIdentifier(word: string): boolean {
  if (!CODE_LETTERS.test(word) || !/[A-Za-z]/.test(word)) return /^#\d{2,9}$/.test(word)
  if (HASH.test(word)) return /\d/.test(word) && /[a-f]/i.test(word)
  return SHAPES.some((shape) => shape.test(word))
}
const CODE_LETTERS = /^[A-Za-z0-9_$.:#@?!-]+$/
const HASH = /^[0-9a-f]{7,64}$/i
const SHAPES = [
  /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i,
  // snake_case, CONSTANT_CASE
  /^[A-Za-z$]\w*[A-Za-z0-9]_[A-Za-z0-9]\w*[?!]?$/,
  // camelCase, PascalCase of several parts
  /^[a-z$][a-z0-9]+[A-Z][A-Za-z0-9]*$/,
  /^[A-Z][a-z0-9]+(?:[A-Z]+[a-z0-9]+)+[A-Z]?$/,
  // Module.member, crate::item
  /^[A-Za-z_$][\w$]+(?:(?:\.|::)[A-Za-z_$][\w$]+)+[?!]?$/,
  // name@1.2, ABC-123, spotter-gqc.1, fix-2-things
  /^@?[a-z][\w.-]*@\d[\w.-]*$/i,
  /^[A-Z][A-Z0-9]{1,9}-\d{1,7}$/,
  /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*-(?=[a-z]*\d)[a-z0-9]+(?:\.\d+)?$/i,
  /^[a-z][a-z0-9]*(?:-[a-z0-9]+)+\.\d+$/,
  // Ids with a kind in front: msg_01h4…, b0be39e9x
  /^(?=(?:\D*\d){2})(?=[^a-z]*[a-z])[a-z0-9]{7,40}$/,
]
