import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8')

it('docs/errors.md explains every code, and no other', () => {
  const codes = [...read('../src/error/error-details.ts').matchAll(/^ {2}([A-Z_]+): \{/gm)].map((match) => match[1])
  const page = read('../../../docs/errors.md')
  const sections = [...page.matchAll(/^## ([A-Z_]+)$/gm)].map((match) => match[1])
  expect(codes.length).toBeGreaterThan(20)
  expect(sections).toEqual(codes)
  for (const section of page.split(/^## /m).slice(1))
    for (const part of ['What happened:', 'Is data safe:', 'What to do:', 'Facts:']) expect(section).toContain(part)
})
