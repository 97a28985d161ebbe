/**
 * What went wrong, for a person who asks later: one line, without a stack, and without what looks like a key. Whoever
 * fails may repeat what it was given: a provider its key, a proxy its password.
 */

const MAX_CHARACTERS = 500
// Nobody says in so many words what is worth keeping.
const READ_CHARACTERS = 10_000

/** @returns at most 500 characters, the last one `…` when something was cut off; undefined when nothing was said */
export function errorWords(error: unknown): string | undefined {
  const said = error instanceof Error ? error.message : typeof error === 'string' ? error : ''
  const [message = ''] = said.slice(0, READ_CHARACTERS).split(/\r?\n\s+at /, 1)
  const line = message.replace(/[\p{White_Space}\p{Cc}]+/gu, ' ').trim()
  const words = keys.reduce((text, [key, instead]) => text.replace(key, instead), line).toWellFormed()
  if (words === '') return undefined
  return words.length <= MAX_CHARACTERS ? words : `${words.slice(0, MAX_CHARACTERS - 1).toWellFormed()}…`
}

const keys: readonly (readonly [RegExp, string])[] = [
  // https://user:password@host
  [/\/\/[^\s/@]{1,500}@/g, '//[key]@'],
  [/\b(bearer|basic) +[\w.~+/=-]{6,}/gi, '$1 [key]'],
  [
    /\b((?:api|access|secret|private)[ _-]?key|authorization|password|secret|token)(["']? ?[:=] ?["']?)(?!\[key\])[^\s"',;]{4,}/gi,
    '$1$2[key]',
  ],
  // sk-…, gsk_…, ghp_…, AIza…, AKIA…, and signed tokens of three parts
  [/\b(?:sk|pk|rk|gsk|xai|ghp|gho|ghs|glpat|github_pat|hf|xox[abp])[-_][\w-]{8,}/g, '[key]'],
  [/\b(?:AIza|AKIA|eyJ)[\w-]{12,}(?:\.[\w-]+)*/g, '[key]'],
  // Ids of ours have 26 such characters, and what people read has fewer.
  [/(?<![A-Za-z0-9])(?=[A-Za-z]*\d)(?=\d*[A-Za-z])[A-Za-z0-9]{32,}/g, '[key]'],
]
