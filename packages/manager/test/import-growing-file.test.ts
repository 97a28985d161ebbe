import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { hasCode } from '@arawn/core/error'
import type { ImportReport } from '@arawn/core/transfer-operations'
import type { WorkstreamManager } from '@arawn/core/workstream-manager'
import { parseConversations } from '@arawn/engine/import-format'
import { realTranscripts, realTranscriptsDir } from '@arawn/testkit/real-transcripts'
import { describe, expect, it } from 'vitest'
import { testDir } from './open-manager.js'

async function importText(manager: WorkstreamManager, text: string, location: string): Promise<ImportReport> {
  const [conversation] = parseConversations({ format: 'claude-code', text, location })
  if (conversation === undefined) throw new Error('no conversation')
  const { source, title, messages } = conversation
  return manager.importConversation({ source, title, messages })
}

/** What is there of it, without what each import names by chance. */
async function outcome(manager: WorkstreamManager, id: string) {
  const messages: unknown[] = []
  for (let after = 0; ; ) {
    const { items } = await manager.listMessages(id, { after, limit: 200 })
    for (const { sequence, role, content, timestamp, metadata } of items) {
      // An answer that is still being written has used less so far.
      const { usage, ...rest } = metadata ?? {}
      messages.push({ sequence, role, content, timestamp, metadata: rest, hasUsage: usage !== undefined })
      after = sequence
    }
    if (items.length === 0) break
  }
  const { items } = await manager.listSessions(id)
  return {
    messages,
    sessions: items.map(({ started_at, ended_at, message_count }) => [started_at, ended_at, message_count]),
  }
}

async function expectSameHoweverItGrows(text: string, location: string, steps: number): Promise<void> {
  const lines = text.split('\n')
  const atOnce = await testDir().open()
  const { workstream, added } = await importText(atOnce, text, location)
  expect(await importText(atOnce, text, location)).toMatchObject({ added: 0, alreadyThere: added })

  const grown = await testDir().open()
  let last: ImportReport | undefined
  for (let step = 1; step <= steps; step++) {
    const part = lines.slice(0, Math.ceil((lines.length * step) / steps))
    try {
      last = await importText(grown, part.join('\n'), location)
    } catch (error) {
      // Nobody has said anything yet.
      if (!hasCode(error, 'IMPORT_UNREADABLE')) throw error
    }
  }
  expect(await outcome(grown, last?.workstream.id ?? '')).toEqual(await outcome(atOnce, workstream.id))
}

describe('a transcript that is imported again and again while it grows', () => {
  it('becomes what it becomes when it is imported once', async () => {
    const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString()
    const said = (type: string, minute: number, block: object, more: object = {}) => ({
      type,
      uuid: `${type}-${minute}`,
      sessionId: 's1',
      timestamp: at(minute),
      message: { id: `m${minute}`, role: type, model: 'claude-test', usage: { output_tokens: 1 }, content: [block] },
      ...more,
    })
    const queue = (operation: string, minute: number, content?: string) => ({
      type: 'queue-operation',
      operation,
      timestamp: at(minute),
      sessionId: 's1',
      content,
    })
    const text = (words: string) => ({ type: 'text', text: words })
    const lines = [
      { type: 'file-history-snapshot', messageId: 'm', snapshot: {} },
      said('user', 1, text('Fix the login')),
      said('assistant', 2, { type: 'thinking', thinking: 'Let me look.' }),
      said('assistant', 3, { type: 'tool_use', id: 't1', name: 'Bash', input: { command: 'ls' } }),
      said('assistant', 4, { type: 'thinking', thinking: 'A sub-agent.' }, { isSidechain: true, agentId: 'x7' }),
      queue('enqueue', 4, 'and the logout'),
      queue('enqueue', 5, 'then the tests'),
      queue('remove', 7),
      said('user', 6, { type: 'tool_result', tool_use_id: 't1', content: 'a.txt' }),
      said('assistant', 8, { type: 'thinking', thinking: 'Both, then.' }),
      said('assistant', 9, text('Both are fixed.')),
      queue('dequeue', 10),
      said('user', 10, text('then the tests')),
      said('assistant', 11, text('They pass.')),
      said('user', 90, text('Good morning')),
      said('assistant', 91, { type: 'thinking', thinking: 'Nothing follows.' }),
    ]
    await expectSameHoweverItGrows(lines.map((line) => JSON.stringify(line)).join('\n'), '/p/s1.jsonl', lines.length)
  })

  it.each(realTranscripts)('does so with %s, which is real', async (name) => {
    const location = join(realTranscriptsDir, name)
    await expectSameHoweverItGrows(readFileSync(location, 'utf8'), location, 20)
  })
})
