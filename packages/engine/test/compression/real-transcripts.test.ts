import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { realTranscripts, realTranscriptsDir } from '@arawn/testkit/real-transcripts'
import { describe, expect, it } from 'vitest'
import { parseConversations } from '../../src/import-format.js'
import { renderWithLedger } from '../../src/render-ledger.js'
import { summarizeWithModel } from '../../src/summarize-with-model.js'
import { quarterCounter as counter } from './scripted-model.js'

describe.skipIf(realTranscripts.length === 0)(
  'summaries of real transcripts (skipped unless ARAWN_TEST_DATA has some)',
  () => {
    it.each(realTranscripts)(
      '%s: nine tenths of the salient specifics stand in a tenth of the tokens',
      async (name) => {
        const location = join(realTranscriptsDir, name)
        const text = readFileSync(location, 'utf8')
        for (const conversation of parseConversations({ format: 'claude-code', text, location })) {
          const messages = conversation.messages.map((message, index) => ({ ...message, sequence: index + 1 }))
          const tokens = (await counter.count(messages.map(({ content }) => content))).reduce((a, b) => a + b, 0)
          const maxTokens = Math.floor(tokens / 10)
          const inputs = { kind: 'session', messages } as const
          const result = await summarizeWithModel({
            model: null,
            inputs,
            key: 'key',
            maxTokens,
            retentionTarget: 0.9,
            counter,
          })
          if (result.outcome !== 'made') throw new Error(`it was ${result.outcome}`)
          const { summary, ledger = [], receipt } = result.fields
          const [used = 0] = await counter.count([renderWithLedger(summary, ledger)])
          expect(used).toBeLessThanOrEqual(maxTokens)
          expect((receipt.salient_kept ?? 0) / (receipt.salient_of ?? 1)).toBeGreaterThanOrEqual(0.9)
        }
      },
    )
  },
)
