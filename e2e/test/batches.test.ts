import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { type ScriptedProvider, startScriptedProvider } from '@arawn/testkit/scripted-provider'
import { expect, it, onTestFinished } from 'vitest'
import { dieAtEachChange } from './die-at-each-change.js'
import { expectWhole, openManager } from './opened.js'
import { batching, compression } from './processes/batching.mjs'
import { tempDataDir } from './temp-data-dir.js'

const SESSIONS = 2
const MESSAGES = 8

const summary = '## Objective\n- Keep the parts.\n\n## Decisions\n- Parts stay, because the runs failed.\n'

async function template(): Promise<string> {
  const dataDir = tempDataDir()
  const manager = await openManager(dataDir)
  await manager.createWorkstream({ id: 'a', title: 'A' })
  for (let session = 0; session < SESSIONS; session++) {
    for (let n = 0; n < MESSAGES; n++)
      await manager.sendMessage({
        workstream: 'a',
        content: `In step ${session}.${n} we keep src/part-${n}.ts, because run ${n} failed with E${n} after ${n} ms.`,
      })
    await manager.endSession('a')
  }
  await manager.close()
  return dataDir
}

/** What the provider was asked by who works on a data dir. */
function askedBy({ batchCalls, requests }: ScriptedProvider, dataDir: string) {
  const isTheirs = ({ headers }: { headers: { readonly [name: string]: unknown } }) =>
    headers['x-api-key'] === basename(dataDir)
  return {
    submitted: batchCalls.filter((call) => call.method === 'POST' && isTheirs(call)),
    directly: requests.filter(isTheirs),
  }
}

function linesOf(dataDir: string, type: string): number {
  const text = readFileSync(join(dataDir, 'workstreams', 'a', 'workstream.jsonl'), 'utf8')
  return text.split('\n').filter((line) => line.includes(`"type":"${type}"`) && line.endsWith('}')).length
}

it('a batch whose process is killed at any change of the disk is collected by the next one', {
  timeout: 300_000,
}, async () => {
  const provider = await startScriptedProvider([{ text: [summary] }])
  onTestFinished(() => provider.close())
  let paidTwice = 0

  async function goOn(dataDir: string): Promise<void> {
    const wasUnsure = linesOf(dataDir, 'compression_claimed') > linesOf(dataDir, 'compression_submitted')
    const before = askedBy(provider, dataDir).submitted.length
    const models = batching(provider.baseUrl, basename(dataDir))
    // One that submits what is not submitted, and one that collects it.
    for (let processes = 0; processes < 2; processes++) {
      const manager = await openManager(dataDir, models, compression)
      await manager.compressDue()
      await manager.close()
    }
    const manager = await openManager(dataDir, models, compression)
    const { made } = await manager.compress('a')
    expect(made.filter(({ kind }) => kind === 'session')).toEqual([])
    const all = await manager.listSummaries('a', { all: true })
    const sessions = all.filter(({ kind }) => kind === 'session')
    expect(sessions).toHaveLength(SESSIONS)
    expect(sessions.every(({ receipt }) => receipt?.batch_id?.startsWith('msgbatch_') === true)).toBe(true)
    const keys = all.map(({ receipt }) => receipt?.key)
    expect(new Set(keys).size).toBe(keys.length)
    expect(await manager.listSummaries('a')).toMatchObject([
      { kind: 'workstream', coverage: [[1, SESSIONS * MESSAGES]] },
    ])

    // A batch is paid twice only if its process died before it could write down that it was taken.
    const { submitted, directly } = askedBy(provider, dataDir)
    expect(submitted).toHaveLength(before === 1 && wasUnsure ? 2 : 1)
    if (submitted.length > 1) paidTwice += 1
    for (const { body } of directly) expect(JSON.stringify(body)).toContain('summaries of the sessions')
    expect(linesOf(dataDir, 'compression_collected')).toBe(linesOf(dataDir, 'compression_claimed'))
    expect(await manager.compress('a')).toMatchObject({ made: [], left: [] })
    await expectWhole(manager)
    await manager.close()
  }

  const deaths = await dieAtEachChange(await template(), 'batcher.mjs', [provider.baseUrl], goOn)
  expect(deaths).toBeGreaterThan(8)
  expect(paidTwice).toBeLessThan(4)
})
