import { headingOf, readSections, renderSections } from './sections.js'

export interface ReadAnswer {
  /** Empty when the answer says nothing. */
  readonly summary: string
  readonly facts: readonly string[]
}

/** Reads what a model wrote, whatever it put around it: thoughts, a code fence, greetings, other forms of headings. */
export function readAnswer(answer: string): ReadAnswer {
  const text = withoutFence(answer.replace(/<think(?:ing)?>[\s\S]*?(?:<\/think(?:ing)?>|$)/g, '').trim())
  const lines = text.split('\n')
  const first = lines.findIndex((line) => headingOf(line) !== undefined)
  if (first < 0) return { summary: text, facts: [] }
  const words: string[] = []
  const facts: string[] = []
  let inFacts = false
  // What stands before the first heading is an introduction.
  for (const line of lines.slice(first)) {
    const heading = headingOf(line)
    if (heading !== undefined) inFacts = /\bfacts?\b/i.test(heading)
    if (NOTHING.test(line)) continue
    if (!inFacts) words.push(line)
    else if (heading === undefined) {
      const fact = line.replace(/^\s*(?:[-*•]|\d{1,3}[.)])\s+/, '').trim()
      if (fact.length > 3 && fact.length <= 1_000 && !facts.includes(fact)) facts.push(fact)
    }
  }
  return { summary: renderSections(readSections(words.join('\n'))), facts: facts.slice(0, MAX_FACTS) }
}

const MAX_FACTS = 50
const NOTHING = /^\s*[-*•]?\s*\(?(?:none|n\/a|nothing|not applicable|-)\.?\)?\s*$/i

function withoutFence(text: string): string {
  const inside = /^```\w{0,12}\n([\s\S]*?)\n```$/.exec(text)?.[1]
  return (inside ?? text).trim()
}
