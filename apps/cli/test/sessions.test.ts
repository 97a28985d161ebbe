import { setTimeout as pause } from 'node:timers/promises'
import { sessionSchema } from '@arawn/core/session'
import { describe, expect, it } from 'vitest'
import { makeCli } from './run-cli.js'

describe('arawn session', () => {
  it('shows the active session, else the newest, or the one that is named', async () => {
    const cli = makeCli()
    expect((await cli('session', 'show', 'scratch')).out).toBe('No sessions.\n')
    await cli('send', 'one')
    const first = sessionSchema.parse(JSON.parse((await cli('session', 'show', 'scratch', '--json')).out))
    expect(first).toMatchObject({ status: 'active', message_count: 1 })
    await cli('session', 'end', 'scratch')
    expect((await cli('session', 'show', 'scratch')).out).toContain('status      ended (requested)')
    await cli('send', 'two')
    expect((await cli('session', 'show', 'scratch')).out).toContain('status      active')
    expect((await cli('session', 'show', 'scratch', first.id)).out).toContain(`id          ${first.id}`)
    expect(await cli('session', 'show', 'scratch', 'ses_none', '--json')).toMatchObject({
      code: 3,
      err: expect.stringContaining('SESSION_NOT_FOUND'),
    })
  })

  it('lists them on a terminal of 80 columns with all that tells them apart', async () => {
    const cli = makeCli()
    await cli('send', 'one')
    const { id } = JSON.parse((await cli('session', 'end', 'scratch', '--json')).out)
    const { out } = await cli.with({ columns: 80 }, 'session', 'list', 'scratch')
    expect(out).toMatch(new RegExp(`\\n${id}  requested +1 +1  just now +just now\\n$`))
    expect((await cli('session', 'list', 'scratch')).out).toContain('ended (requested)')
  })

  it('sweeps what has been idle, in all workstreams, and says what that was', async () => {
    const cli = makeCli()
    for (const id of ['a', 'b']) {
      await cli('workstream', 'create', '--id', id)
      await cli('send', '-w', id, 'x')
    }
    expect((await cli('session', 'sweep')).out).toBe('No session was idle.\n')
    const impatient = { env: { ARAWN_WORKSTREAMS_SESSION_TIMEOUT_MINUTES: '0.0001' } }
    await pause(10)
    const { code, out } = await cli.with(impatient, 'session', 'sweep')
    expect(code).toBe(0)
    expect(out).toMatch(/^ended ses_\w+ of a, 1 message\nended ses_\w+ of b, 1 message\n$/)
    expect((await cli('session', 'list', 'a')).out).toContain('timed_out (idle)')
    expect((await cli.with(impatient, 'session', 'sweep', '--json')).out).toBe('')
  })
})
