import { type ErrorCode, WorkstreamError } from '@arawn/core/error'
import { openManager } from '@arawn/server/compose'
import { describe, expect, it } from 'vitest'
import { exitCodeOf } from '../src/exit-code.js'
import { Interrupted } from '../src/interruption.js'
import { makeCli } from './run-cli.js'

/** The real manager, one of whose operations fails. */
function failing(error: unknown): { openManager: typeof openManager } {
  return {
    openManager: async (...given) => ({
      ...(await openManager(...given)),
      sendMessage: () => Promise.reject(error),
    }),
  }
}

describe('an error', () => {
  it.each([
    [new WorkstreamError('LOCK_TIMEOUT', 'waited 15000 ms', { waitedMs: 15_000 }), 5, 'Nothing was written; try again'],
    [new WorkstreamError('INDEX_REBUILDING', 'not ready', { waitedMs: 15_000 }), 5, 'Try again'],
    [new WorkstreamError('LOG_FULL', 'no space', { workstreamId: 'w', log: 'messages' }), 6, 'Make room'],
    [new WorkstreamError('INDEX_UNUSABLE', 'broken', { path: '/i', problem: 'broken' }), 6, 'arawn: broken'],
    [new TypeError('boom'), 1, 'arawn: something unexpected happened: boom'],
  ])('%s is told in a sentence and by the exit code %i', async (error, code, words) => {
    const run = await makeCli().with(failing(error), 'send', 'x')
    expect([run.code, run.out]).toEqual([code, ''])
    expect(run.err).toContain(words)
    expect(run.err).not.toMatch(/^\s+at /m)
    expect(run.err.trimEnd().split('\n').length).toBeLessThanOrEqual(2)
  })

  it('shows where it came from when ARAWN_DEBUG asks', async () => {
    const options = { ...failing(new TypeError('boom')), env: { ARAWN_DEBUG: '1' } }
    expect((await makeCli().with(options, 'send', 'x')).err).toMatch(/^\s+at /m)
  })

  it('is one JSON object with --json, whoever found it', async () => {
    const cli = makeCli()
    for (const [args, code] of [
      [['history', 'nothing', '--json'], 'WORKSTREAM_NOT_FOUND'],
      [['hstory', '--json'], 'INVALID_INPUT'],
      [['--json'], 'INVALID_INPUT'],
      [['history', 'x', '--limit', 'many', '--json'], 'INVALID_INPUT'],
      [['--json', '--config', 'nowhere.toml', 'doctor'], 'CONFIG_INVALID'],
    ] as [string[], ErrorCode][]) {
      const run = await cli(...args)
      expect(JSON.parse(run.err).error).toMatchObject({ code, message: expect.any(String), details: {} })
      expect([run.code, run.out]).toEqual([exitCodeOf(code), ''])
    }
    const broken = await cli.with(failing(new TypeError('boom')), 'send', 'x', '--json')
    expect(JSON.parse(broken.err).error).toMatchObject({ code: 'INTERNAL', details: { problem: 'boom' } })
  })

  it('does not let a name in it steer the terminal', async () => {
    const { code, err } = await makeCli()('history', 'no \u001b[2J\nsuch')
    expect(code).toBe(3)
    expect(err).toContain('\\u001b[2J such')
    expect(err).not.toContain('\u001b')
  })

  it('leaves a text called --json alone', async () => {
    const cli = makeCli()
    expect((await cli('send', '--', '--json')).out).toContain('message 1 of scratch')
  })
})

describe('an interruption', () => {
  it('ends a command that waits, closes the manager, and gives its code', async () => {
    const controller = new AbortController()
    let closed = false
    const { code, out, err } = await makeCli().with(
      {
        interrupted: controller.signal,
        openManager: async (...given) => {
          const manager = await openManager(...given)
          return {
            ...manager,
            sendMessage: () => {
              controller.abort(new Interrupted(130))
              return new Promise<never>(() => {})
            },
            close: async () => {
              await manager.close()
              closed = true
            },
          }
        },
      },
      'send',
      'x',
    )
    expect([code, out, err, closed]).toEqual([130, '', '', true])
  })
})
