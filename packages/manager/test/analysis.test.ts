import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { createTextAnalyzer } from '@arawn/engine/text-analyzer'
import { createRecordingLogger } from '@arawn/testkit/recording-logger'
import { makeTempDir } from '@arawn/testkit/temp-dir'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createAnalysis } from '../src/search/analysis.js'
import { packTokens, unpackTokens } from '../src/search/packed-tokens.js'

const analyzer = createTextAnalyzer()
const lists = Array.from({ length: 30 }, (_, n) => [
  `Connections ${n}`,
  'getUserName in log-store.ts',
  '',
  'Ελλάς 東京都',
])
const expected = lists.map((texts) => packTokens(analyzer, texts))

/** Asks for all of them, in a thread from the first text on. */
async function analysed(workerFile: URL | undefined) {
  const logger = createRecordingLogger()
  const analysis = createAnalysis({ analyzer, logger, workerFile }, { worthAThread: 0 })
  onTestFinished(analysis.end)
  const tokens = await Promise.all(lists.map(analysis.tokensOf))
  return { analysis, tokens, warnings: logger.lines.filter(({ level }) => level === 'warn') }
}

/** A file that a thread runs, with this in it. */
function workerOf(code: string): URL {
  const temp = makeTempDir()
  onTestFinished(temp.dispose)
  const file = path.join(temp.path, 'worker.mjs')
  writeFileSync(file, `import { parentPort } from 'node:worker_threads'\n${code}`)
  return pathToFileURL(file)
}

describe('the analysis of texts', () => {
  it('gives what the analyzer gives, as bytes', () => {
    const texts = lists[0] ?? []
    const tokensOf = unpackTokens(packTokens(analyzer, texts))
    expect(texts.map((_, text) => tokensOf(text))).toEqual(texts.map((text) => analyzer.tokensOf(text)))
  })

  it('gives the same in a thread', async () => {
    // Built: a thread runs no TypeScript.
    const { tokens, warnings } = await analysed(new URL('../dist/analysis-worker.js', import.meta.url))
    expect(tokens).toEqual(expected)
    expect(warnings).toEqual([])
  })

  it.each<[string, () => URL]>([
    ['is not there', () => new URL('file:///nowhere/worker.mjs')],
    ['throws', () => workerOf(`throw new Error('no')`)],
    ['ends', () => workerOf(`parentPort.once('message', () => process.exit(0))`)],
    ['fails in the middle', () => workerOf(`parentPort.on('message', () => { throw new Error('no') })`)],
  ])('and without one that %s', async (_, file) => {
    const { tokens, warnings } = await analysed(file())
    expect(tokens).toEqual(expected)
    expect(warnings).toHaveLength(1)
  })

  it('ends with texts that it was asked for and did not analyse', async () => {
    const silent = workerOf(`for (;;);`)
    const logger = createRecordingLogger()
    const analysis = createAnalysis({ analyzer, logger, workerFile: silent }, { worthAThread: 0 })
    for (const texts of lists) void analysis.tokensOf(texts)
    await new Promise((resolve) => setImmediate(resolve))
    await analysis.end()
    expect(logger.lines).toEqual([])
  })
})
