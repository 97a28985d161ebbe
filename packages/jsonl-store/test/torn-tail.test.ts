import { readFileSync, truncateSync, writeFileSync } from 'node:fs'
import type { AppendEntry } from '@arawn/core/log-store'
import { nodeFileSystem } from '@arawn/jsonl-store/node-file-system'
import { createFaultyFileSystem } from '@arawn/testkit/faulty-file-system'
import { appendEntry, appendTo, failureOf, locked, sizesOf, textsOf } from '@arawn/testkit/log-store-steps'
import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { testDir } from './open-store.js'

afterEach(() => {
  vi.useRealTimers()
})

describe('a torn tail', () => {
  it('is neither glued to the next line nor lost, wherever a log is cut in its last three lines', async () => {
    const dir = testDir()
    const store = await dir.open()
    const lines = ['{"n":1}', '{"n":2,"text":"zwei 🦆"}', '{"n":3}', '{"n":4,"text":"ümläut"}', '{"n":5}']
    const whole = Buffer.from(`${lines.join('\n')}\n`)
    const first = Buffer.byteLength(`${lines.slice(0, 2).join('\n')}\n`)
    let kept = 0
    for (let cut = first; cut <= whole.byteLength; cut += 1) {
      const id = `cut-${cut}`
      const left = whole.subarray(0, cut)
      dir.writeByHand(id, 'messages', left)
      await appendTo(store, appendEntry(id, 'messages', 'next'))

      const keepBytes = left.lastIndexOf(10) + 1
      const expected = `${left.subarray(0, keepBytes).toString()}next\n`
      expect(dir.readByHand(id, 'messages')).toBe(expected)
      const found = (await store.listQuarantine()).slice(kept)
      if (keepBytes === cut) expect(found).toEqual([])
      else {
        kept += 1
        expect(found).toMatchObject([{ workstreamId: id, log: 'messages', offset: keepBytes, bytes: cut - keepBytes }])
        expect(readFileSync(found[0]?.location ?? '')).toEqual(left.subarray(keepBytes))
      }
      dir.clock.advance(1)
    }
  })

  it('is found again and again, in any log, between appends of an open store', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.oneof(
            fc.record({ append: fc.array(fc.stringMatching(/^[a-z{}"]{0,20}$/), { minLength: 1, maxLength: 3 }) }),
            fc.record({ byHand: fc.stringMatching(/^[a-z]{1,20}\n?$/) }),
            fc.record({ cutBytes: fc.integer({ min: 1, max: 30 }) }),
          ),
          { maxLength: 12 },
        ),
        fc.boolean(),
        async (steps, underOneLock) => {
          // However slow the machine: everything under one lock happens within the same moment.
          if (underOneLock) vi.useFakeTimers({ toFake: ['performance'] })
          const dir = testDir()
          const store = await dir.open()
          await appendTo(store, appendEntry('a', 'workstream', 'w'), appendEntry('a', 'sessions', 's'))
          const held = underOneLock ? await store.lock(1_000) : undefined
          const append = async (entry: AppendEntry) => {
            if (held === undefined) return appendTo(store, entry)
            await held.prepare('a')
            await held.append([entry])
          }
          dir.writeByHand('a', 'messages', '')
          let model = ''
          for (const step of steps) {
            if ('append' in step) {
              await append(appendEntry('a', 'messages', ...step.append))
              model = model.slice(0, model.lastIndexOf('\n') + 1) + step.append.map((line) => `${line}\n`).join('')
            } else if ('byHand' in step) {
              dir.writeByHand('a', 'messages', step.byHand)
              model += step.byHand
            } else {
              model = model.slice(0, Math.max(0, model.length - step.cutBytes))
              truncateSync(dir.log('a', 'messages'), model.length)
            }
            expect(dir.readByHand('a', 'messages')).toBe(model)
          }
          held?.release()
          vi.useRealTimers()
        },
      ),
      {
        numRuns: 80,
        // Other bytes, torn ones, in place of as many that were known.
        examples: [[[{ append: ['abc'] }, { cutBytes: 2 }, { byHand: 'xy' }, { append: ['d'] }], true]],
      },
    )
  })

  it('is cut even when it is valid JSON: nothing was acknowledged without its LF', async () => {
    const dir = testDir()
    dir.writeByHand('a', 'sessions', '{"n":1}\n{"n":2}')
    const store = await dir.open()
    const heads = await locked(store, (writer) => writer.prepare('a'))
    expect(sizesOf(heads)).toEqual({ workstream: 0, sessions: 8, messages: 0 })
    expect(dir.logger.lines).toMatchObject([{ level: 'warn', facts: { log: 'sessions', offset: 8, bytes: 7 } }])
  })

  it('may be larger than any buffer', async () => {
    const dir = testDir()
    const torn = Buffer.alloc(5 * 1024 * 1024 + 17, 'x')
    dir.writeByHand('a', 'messages', 'one\n')
    dir.writeByHand('a', 'messages', torn)
    const store = await dir.open()
    expect(await store.verify('a')).toMatchObject([{ lines: 1, tornBytes: torn.byteLength }])
    await appendTo(store, appendEntry('a', 'messages', 'two'))
    expect(await textsOf(store, 'a', 'messages')).toEqual(['one', 'two'])
    const [tail] = await store.listQuarantine()
    expect(readFileSync(tail?.location ?? '').equals(torn)).toBe(true)
  })

  it('leaves no workstream when it is all there is', async () => {
    const dir = testDir()
    dir.writeByHand('a', 'workstream', '{"v":1,"ty')
    const store = await dir.open()
    expect(await locked(store, (writer) => writer.prepare('a'))).toBeUndefined()
    expect(await store.listWorkstreams()).toEqual([])
    expect(await store.listQuarantine()).toHaveLength(1)
  })

  it('stays where it is when it cannot be kept elsewhere', async () => {
    const dir = testDir()
    const fileSystem = createFaultyFileSystem(nodeFileSystem)
    const store = await dir.open(fileSystem)
    dir.writeByHand('a', 'messages', 'one\ntorn')
    for (const operation of ['open', 'write', 'sync'] as const) {
      fileSystem.inject({ operation, path: '.torn', errno: 'ENOSPC' })
      expect(await failureOf(locked(store, (writer) => writer.prepare('a')))).toMatchObject({ code: 'LOG_FULL' })
      expect(dir.readByHand('a', 'messages')).toBe('one\ntorn')
    }
    await appendTo(store, appendEntry('a', 'messages', 'two'))
    expect(dir.readByHand('a', 'messages')).toBe('one\ntwo\n')
    expect(await store.listQuarantine()).toHaveLength(1)
  })

  it('is left alone by readers', async () => {
    const dir = testDir()
    dir.writeByHand('a', 'messages', 'one\ntorn')
    const store = await dir.open()
    expect(await textsOf(store, 'a', 'messages')).toEqual(['one'])
    expect(sizesOf(await store.measure('a'))).toMatchObject({ messages: 8 })
    expect(dir.readByHand('a', 'messages')).toBe('one\ntorn')
  })

  it('lists only what it kept itself, oldest first', async () => {
    const dir = testDir()
    const store = await dir.open()
    for (const id of ['b', 'c', 'a', 'a']) {
      dir.writeByHand(id, 'messages', 'torn')
      await locked(store, (writer) => writer.prepare(id))
      if (id !== 'a') dir.clock.advance(10)
    }
    for (const name of ['note.txt', 'a.other.1.2.torn', 'A.messages.1.2.torn', '..torn']) {
      writeFileSync(`${dir.quarantineDir}/${name}`, 'x')
    }
    expect((await store.listQuarantine()).map((tail) => tail.workstreamId)).toEqual(['b', 'c', 'a', 'a'])
  })
})
