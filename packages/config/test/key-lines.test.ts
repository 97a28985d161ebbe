import { loadSettings } from '@arawn/config/load-settings'
import { describe, expect, it } from 'vitest'

function lineOfHistory(text: string): number {
  const { sources } = loadSettings({
    env: {},
    cwd: '/here',
    homeDir: '/home/ada',
    readFile: (path) => (path === '/here/arawn.toml' ? text : undefined),
  })
  const origin = sources.find(({ key }) => key === 'workstreams.max_history')?.origin
  return Number(origin?.split(':')[1])
}

describe('the line of a setting', () => {
  it.each([
    ['under its header', '# head\n\n[workstreams] # table\n\n  max_history = 5 # line\n', 5],
    ['with a dot', 'data_dir = "/x"\nworkstreams . max_history = 5', 2],
    ['with quotes', `['workstreams']\n"max_history" = 5`, 2],
    ['with an escape in its quotes', '[workstreams]\n"max\\u005Fhistory" = 5', 2],
    ['in an inline table', '\nworkstreams = { enabled = true, max_history = 5 }', 2],
    [
      'behind a text of many lines that looks like it',
      'data_dir = """/x\\\n[workstreams]\\\nmax_history = 3"""\n[workstreams]\nmax_history = 5',
      5,
    ],
    ['behind a comment that looks like it', '# [workstreams]\n# max_history = 3\n[workstreams]\nmax_history = 5', 4],
    ['behind settings that begin alike', '[workstreams]\nstorage_path = "max_history = 5"\nmax_history = 5', 3],
  ])('is found %s', (_where, text, line) => {
    expect(lineOfHistory(text)).toBe(line)
  })
})
