import type { LanguageModel, ModelRequest } from '@arawn/core/language-model'
import { firstRequests } from './compression/condense.js'
import { openSummary, promptKinds, type SummaryToOpen } from './compression/open-summary.js'

/**
 * What a model is asked first for a summary, as `summarizeWithModel` asks it with the same arguments: one request for each
 * part that fits into its window. Empty when it need not be asked.
 *
 * @throws RangeError the model's window is too small for any summary
 */
export async function summaryRequests(
  request: SummaryToOpen & { readonly model: LanguageModel },
): Promise<ModelRequest[]> {
  const opened = await openSummary(request)
  if ('copy' in opened || opened.extracted.summary === '') return []
  const { material, maxWordsTokens } = opened
  const { model, inputs } = request
  return firstRequests({
    model,
    kind: promptKinds[inputs.kind],
    pieces: material.pieces,
    maxTokens: maxWordsTokens,
  })
}
