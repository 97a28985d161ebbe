import type { Receipt } from '@arawn/core/summary'
import { expect, it } from 'vitest'
import { receiptLine, type SummaryPlace } from '../src/terminal/receipt-line.js'

const receipt: Receipt = {
  method: 'model',
  model: 'small',
  prompt_version: 1,
  key: 'k',
  input_tokens: 1_000,
  output_tokens: 100,
  covered_tokens: 2_000,
  summary_tokens: 200,
  kept: 9,
  of: 10,
  dropped: { path: 1 },
}
const place: SummaryPlace = { kind: 'session', session_id: 'ses_1', coverage: [[1, 6]] }

it('a receipt says who made a summary, and through which batch', () => {
  const line = receiptLine(place, { receipt: { ...receipt, batch_id: 'msgbatch_1' } })
  expect(line).toBe('session ses_1, 6 messages (1-6), 2,000 -> 200 tokens, keeps 9 of 10, small in batch msgbatch_1')
  expect(receiptLine(place, { receipt })).toMatch(/keeps 9 of 10, small$/)
})
