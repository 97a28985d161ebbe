import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8')

const list = /export interface ErrorDetails \{\n(.*?)\n\}/s.exec(read('../src/error/error-details.ts'))?.[1] ?? ''
// A code stands at two spaces; its facts may take several lines.
const codes = list
  .replace(/\/\*.*?\*\//gs, '')
  .split(/^ {2}(?=\w+:)/m)
  .map((entry) => entry.trim())
  .filter((entry) => entry !== '')
  .map((entry) => ({ code: entry.slice(0, entry.indexOf(':')), facts: factsOf(entry) }))

const sections = read('../../../docs/errors.md')
  .split(/^## /m)
  .slice(1)
  .map((text) => ({ code: text.slice(0, text.indexOf('\n')), text }))

describe('docs/errors.md', () => {
  it('has a section for every code, in the order of the list, and for no other', () => {
    expect(codes.length).toBeGreaterThan(20)
    expect(sections.map(({ code }) => code)).toEqual(codes.map(({ code }) => code))
  })

  it.each(codes)('says of $code what happened, whether data is safe and what to do', ({ code }) => {
    for (const part of ['What happened', 'Is data safe', 'What to do']) {
      const said = new RegExp(`^- ${part}: (.+)$`, 'm').exec(sectionOf(code))?.[1] ?? ''
      expect(said, part).toMatch(/\S.*\S/)
    }
  })

  it.each(codes)('names the facts of $code, and no others', ({ code, facts }) => {
    const said = /^- Facts: (.+)$/m.exec(sectionOf(code))?.[1] ?? ''
    expect([...said.matchAll(/`([^`]+)`/g)].map((match) => match[1])).toEqual(facts)
  })
})

function sectionOf(code: string): string {
  return sections.find((section) => section.code === code)?.text ?? ''
}

/** The names of one code's facts; those of an object inside a fact are left out. */
function factsOf(entry: string): string[] {
  const body = entry.slice(entry.indexOf('{') + 1, -1).replace(/\{[^{}]*\}/g, 'object')
  return [...body.matchAll(/(?:^|[;\s])(\w+): /g)].map((match) => match[1] ?? '')
}
