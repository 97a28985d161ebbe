import { parentPort, workerData } from 'node:worker_threads'
import { createTextAnalyzer } from '@arawn/engine/text-analyzer'
import { packTokens } from './search/packed-tokens.js'

/**
 * What a thread runs that analyses texts while an index is built anew. It is given texts, and answers each list of them, in
 * order.
 *
 * @see ManagerPorts.analysisWorker
 */
const analyzer = createTextAnalyzer()
// Another version of this package may lie where somebody looked for it.
if (analyzer.version !== workerData) throw new Error(`makes tokens of version ${analyzer.version}, not ${workerData}`)
parentPort?.on('message', (texts: readonly string[]) => {
  const tokens = packTokens(analyzer, texts)
  parentPort?.postMessage(tokens, [tokens.words.buffer as ArrayBuffer, tokens.parts.buffer as ArrayBuffer])
})
