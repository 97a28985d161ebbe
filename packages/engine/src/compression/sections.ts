/** The parts of a summary, the same whoever wrote it. */

export const sectionNames = [
  'objective',
  'decisions',
  'done',
  'in_progress',
  'blocked',
  'open_questions',
  'next_step',
] as const
export type SectionName = (typeof sectionNames)[number]

export type Sections = ReadonlyMap<SectionName, readonly string[]>

export const headings: Record<SectionName, string> = {
  objective: 'Objective',
  decisions: 'Decisions and reasons',
  done: 'Done',
  in_progress: 'In progress',
  blocked: 'Blocked',
  open_questions: 'Open questions',
  next_step: 'Next step',
}

export function renderSections(sections: Sections): string {
  return sectionNames
    .flatMap((name) => {
      const lines = sections.get(name) ?? []
      return lines.length === 0 ? [] : [`## ${headings[name]}\n${lines.map((line) => `- ${line}`).join('\n')}`]
    })
    .join('\n\n')
}

/** Reads them back, also from a text that a person or a model wrote: what stands under no heading counts as done. */
export function readSections(text: string): Map<SectionName, string[]> {
  const sections = new Map<SectionName, string[]>()
  let current: SectionName | undefined = 'done'
  for (const line of text.split('\n')) {
    const heading = headingOf(line)
    if (heading !== undefined) {
      current = sectionOf(heading)
      continue
    }
    const said = line.replace(/^\s*(?:[-*•]|\d{1,3}[.)])\s+/, '').trim()
    // A heading that nobody knows hides what is under it: the ledger is kept elsewhere.
    if (said === '' || current === undefined) continue
    sections.set(current, [...(sections.get(current) ?? []), said])
  }
  return sections
}

/** `## Done`, `**Done**`, `Done:` */
export function headingOf(line: string): string | undefined {
  if (line.length > 100) return undefined
  const marked = /^\s{0,3}(?:#{1,6}\s+\**|\*\*)([^*]{1,80}?):?\**:?\s*$/.exec(line)?.[1]
  return marked ?? /^\s{0,3}([A-Z][A-Za-z ]{3,30}):\s*$/.exec(line)?.[1]
}

/** Undefined for the ledger and the facts, which are no part of the words. */
function sectionOf(heading: string): SectionName | undefined {
  const plain = heading.toLowerCase()
  if (/specific|facts?\b/.test(plain)) return undefined
  if (/decision/.test(plain)) return 'decisions'
  if (/object|goal|purpose/.test(plain)) return 'objective'
  if (/block/.test(plain)) return 'blocked'
  if (/progress/.test(plain)) return 'in_progress'
  if (/question/.test(plain)) return 'open_questions'
  if (/next/.test(plain)) return 'next_step'
  return 'done'
}
