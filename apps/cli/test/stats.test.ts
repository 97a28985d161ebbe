import { describe, expect, it } from 'vitest'
import { byteSize } from '../src/terminal/byte-size.js'
import { makeCli } from './run-cli.js'

async function filled() {
  const cli = makeCli()
  await cli('workstream', 'create', 'Release notes', '--id', 'rel')
  for (const text of ['one', 'two']) await cli('send', '-w', 'rel', text)
  await cli('send', '-w', 'rel', '--role', 'assistant', 'three')
  await cli('send', 'a thought')
  await cli('workstream', 'create', '--id', 'old')
  await cli('workstream', 'archive', 'old')
  return cli
}

describe('arawn stats', () => {
  it('is one object with --json', async () => {
    const cli = await filled()
    const stats = JSON.parse((await cli('stats', '--json')).out)
    expect(stats).toMatchObject({
      workstreams: { total: 3, active: 2, paused: 0, archived: 1 },
      sessions: { total: 2, active: 2, ended: 0, timed_out: 0 },
      messages: { total: 4, user: 3, assistant: 1, agent_push: 0 },
      busiest: [
        { id: 'rel', title: 'Release notes', message_count: 3 },
        { id: 'scratch', message_count: 1 },
      ],
    })
    expect(stats.log_bytes).toBeGreaterThan(500)
    expect(stats.index_bytes).toBeGreaterThan(4_096)
    expect(Date.parse(stats.first_message_at)).toBeLessThanOrEqual(Date.parse(stats.last_message_at))
  })

  it('is for people otherwise, of everything or of one', async () => {
    const cli = await filled()
    const { out } = await cli('stats')
    expect(out).toMatch(
      /^workstreams {4}3 \(2 active, 1 archived\)\nsessions {7}2 \(2 active\)\nmessages {7}4 \(3 user/,
    )
    expect(out).toMatch(/\nBUSIEST {2}NAME +MESSAGES\nrel {6}Release notes +3\nscratch/)
    const one = (await cli('stats', 'release notes')).out
    expect(one).toMatch(/^workstream {5}Release notes \(rel\)\nsessions {7}1/)
    expect(one).not.toContain('BUSIEST')
    expect((await cli('stats', 'old')).out).toMatch(/^workstream {5}\(untitled\) \(old\)\nsessions {7}0\n/)
  })

  it('has zeros where nothing is, and no such workstream where none is', async () => {
    const cli = makeCli()
    const { code, out } = await cli('stats')
    expect([code, out]).toEqual([0, expect.stringMatching(/^workstreams {4}0\n(.*\n)*last message {3}none yet\n$/)])
    expect((await cli('stats', 'nothing')).code).toBe(3)
  })

  it.each([
    [0, '0 bytes'],
    [1_023, '1023 bytes'],
    [1_536, '1.5 KiB'],
    [5 * 1024 ** 3, '5.0 GiB'],
  ])('shows %i bytes as %s', (bytes, words) => expect(byteSize(bytes)).toBe(words))
})
