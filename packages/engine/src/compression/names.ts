/** Names of people, teams and things in prose: words with capitals that stand together, and `@somebody`. Best effort. */

export function namesIn(line: string): string[] {
  const names: string[] = []
  for (const [, handle = ''] of line.matchAll(HANDLE)) names.push(handle)
  for (const [, name = ''] of line.matchAll(WITH_HONORIFIC)) names.push(name)
  if (HEADING.test(line)) return names
  for (const { 0: found, index } of line.matchAll(CAPITALS)) {
    const words = found.split(' ')
    // At the beginning of a sentence the first word has its capital anyway.
    const isFirst = /(?:^|[.!?:。]\s{1,3}|^[\s>*\d.-]{1,8})$/.test(line.slice(Math.max(0, index - 8), index))
    while (words.length > 0 && OPENERS.has(words[0] ?? '')) words.shift()
    if (words.length > 1 && !(isFirst && words.length === 2 && VERBISH.test(words[0] ?? '')))
      names.push(words.join(' '))
  }
  return names
}

/** Who wrote, owns or reviews, as tools say it: `Author: Ada Lovelace <ada@…>`. */
export function labelledNameIn(line: string): string | undefined {
  return line.length < 500 ? LABELLED.exec(line)?.[1] : undefined
}

const HEADING = /^\s{0,3}#{1,6}\s/
const HANDLE = /(?:^|[\s(,:])(@[A-Za-z][\w-]{1,38})(?![\w/.@-])/g
const WITH_HONORIFIC = /([\p{Script=Han}\p{Script=Katakana}ー]{1,8}(?:さん|様|先生|氏))/gu
const CAPITALS = /(?<![\p{L}\p{N}_.`/-])\p{Lu}\p{Ll}{1,20}(?:[ ]\p{Lu}[\p{Ll}’'-]{1,20}){1,3}(?![\p{L}\p{N}_`/(-])/gu
const LABELLED =
  /(?:Author|Owner|Assignee|Reviewer|Committer|Co-[Aa]uthored-[Bb]y|Signed-off-by|From):\s{1,3}(\p{Lu}[\p{L}’'-]{1,30}(?: \p{Lu}[\p{L}’'-]{1,30}){1,3})/u
const OPENERS = new Set(
  `A An And Are As At But By Can Check Could Did Do Does For From Get Good Great Has Have He Her Here His How I If In Is It Its
  Just Let My New No Not Now Of On Once One Or Our Out Run Same See She Should So Some That The Their Then There These They This
  Those To Two Use Was We What When Where Which Who Why Will With Yes You Your Also All Add After Before Der Die Das Ein Eine
  Und Wir Ich Le La Les Un Une El Los Las Una`.split(/\s+/),
)
const VERBISH = /(?:ed|ing|s)$/
