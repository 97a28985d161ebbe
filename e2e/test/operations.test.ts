import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { startServerProcess } from './server-process.js'
import { tempDataDir } from './temp-data-dir.js'

const guide = readFileSync(fileURLToPath(new URL('../../docs/operations.md', import.meta.url)), 'utf8')

it.skipIf(process.platform !== 'linux')(
  'the guide names every metric of the server, and no other (skipped where the system tells less of a process)',
  async () => {
    const server = await startServerProcess(tempDataDir())
    await fetch(`${server.url}/api/v1/workstreams`)
    const told = await (await fetch(`${server.url}/metrics`)).text()
    const names = [...told.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name)
    const table = /<!-- metrics:begin -->([\s\S]*)<!-- metrics:end -->/.exec(guide)?.[1] ?? ''
    const firstCells = table.split('\n').map((row) => row.split('|')[1] ?? '')
    const said = firstCells.flatMap((cell) => [...cell.matchAll(/`(\w+)`/g)].map(([, name]) => name))
    expect(names).toContain('arawn_http_request_seconds')
    expect(said.toSorted()).toEqual(names.toSorted())
  },
)

it('the unit, the image and the guide name files that are there', () => {
  const here = (path: string) => readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8')
  for (const [, path = ''] of guide.matchAll(/\]\(\.\.\/([^)#]+)/g)) expect(here(path).length).toBeGreaterThan(0)
  for (const [, path = ''] of here('deploy/Dockerfile').matchAll(/\b((?:scripts|deploy)\/[\w./-]+\.(?:mjs|sh))/g))
    expect(here(path).length).toBeGreaterThan(0)
  // Both start the program where the guide puts it.
  for (const file of ['deploy/Dockerfile', 'deploy/arawn.service', 'docs/operations.md'])
    expect(here(file)).toContain('/opt/arawn/bin/arawn.mjs')
})
