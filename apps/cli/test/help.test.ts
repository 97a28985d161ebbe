import { describe, expect, it } from 'vitest'
import { Interrupted } from '../src/interruption.js'
import { type Cli, makeCli } from './run-cli.js'

/** Every command with its help page. */
async function helpPages(cli: Cli, ...path: string[]): Promise<[command: string, page: string][]> {
  const page = (await cli(...path, '--help')).out
  const [block = ''] = page.split('Commands:\n')[1]?.split('\n\n') ?? []
  const names = [...block.matchAll(/^ {2}([a-z]+)/gm)].map(([, name = '']) => name).filter((name) => name !== 'help')
  const below: [string, string][] = []
  for (const name of names) below.push(...(await helpPages(cli, ...path, name)))
  return [[`arawn ${path.join(' ')}`.trim(), page], ...below]
}

describe('a help page', () => {
  it('says what each argument is, and which options every command has', async () => {
    const pages = await helpPages(makeCli())
    expect(pages.length).toBeGreaterThan(25)
    for (const [command, page] of pages) {
      const [usage = '', description = ''] = page.split('\n\n')
      expect(usage, command).toMatch(new RegExp(`^Usage: ${command}`))
      expect(description.length, command).toBeGreaterThan(15)
      if (/ (<\w+>|\[(title|text|ref|session|entry)\])/.test(usage))
        expect(page, command).toMatch(/\nArguments:\n {2}\w+ {2,}\S/)
      expect(page, command).toContain('--data-dir <dir>')
      expect(page, command).not.toMatch(/__complete|display help|undefined/)
    }
  })

  it('has examples that are commands', async () => {
    const cli = makeCli()
    const lines = (await helpPages(cli)).flatMap(([, page]) =>
      [...page.matchAll(/^ {2}(?:.*\| )?arawn (.+?)(?: {3,}.*)?$/gm)].map(([, line = '']) => line),
    )
    expect(lines.length).toBeGreaterThan(20)
    // Some go on for ever; what is wrong with a line is said before it begins.
    const interrupted = AbortSignal.abort(new Interrupted(130))
    for (const line of new Set(lines)) {
      const words = line.match(/"[^"]*"|\S+/g)?.map((word) => word.replace(/"/g, '')) ?? []
      const { err } = await cli.with(
        { stdin: 'text', interrupted },
        ...words.filter((word) => word !== '|' && word !== 'source'),
      )
      expect(err, line).not.toMatch(/unknown|argument|takes/)
    }
  })
})
