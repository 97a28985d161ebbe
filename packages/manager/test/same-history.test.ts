import type { ModelRequest } from '@arawn/core/language-model'
import type { WorkstreamManager } from '@arawn/core/workstream-manager'
import { describe, expect, it } from 'vitest'
import { type DataDir, testDir } from './open-manager.js'
import { type ScriptedModels, scriptedModels } from './scripted-models.js'

async function talked(
  workstream: string,
): Promise<{ dir: DataDir; manager: WorkstreamManager; models: ScriptedModels }> {
  const dir = testDir()
  const models = scriptedModels((_request, call) => `answer ${call}`)
  const manager = await dir.open({ models })
  if (workstream !== 'scratch') await manager.createWorkstream({ id: workstream, title: 'Bridges' })
  await (await manager.chat({ workstream, content: 'question one' })).ended
  await manager.pushAgentMessage({ workstream, author: 'ci-bot', content: 'the build is green' })
  await manager.endSession(workstream)
  await (await manager.chat({ workstream, content: 'question two' })).ended
  return { dir, manager, models }
}

async function sentTo(manager: WorkstreamManager, workstream: string): Promise<ModelRequest['messages']> {
  return (await manager.explainContext(workstream, { message: 'question three' })).messages
}

describe('what a model is sent', () => {
  it('has the answers before, of other sessions too, and pushes with who pushed them', async () => {
    const { manager, models } = await talked('a')
    await (await manager.chat({ workstream: 'a', content: 'question three' })).ended
    const sent = models.requests.at(-1)?.messages ?? []
    expect(sent.map(({ role }) => role)).toEqual([
      'user',
      'assistant',
      'user',
      'assistant',
      'user',
      'assistant',
      'user',
    ])
    const text = JSON.stringify(sent)
    for (const said of ['question one', 'answer 1', 'question two', 'answer 2', 'question three'])
      expect(text).toContain(said)
    expect(text).toMatch(/\[push from ci-bot, [^\]]+\][^[]*the build is green/)
  })

  it('has the summary of the workstream once there is one', async () => {
    const { dir, manager, models } = await talked('a')
    const lines = Array.from({ length: 30 }, (_, n) => `We build bridge ${n} of steel since stone ${n} is too dear.`)
    for (const content of lines) await manager.sendMessage({ workstream: 'a', content })
    await manager.endSession('a')
    await manager.compress('a')
    const { summary } = await manager.getWorkstream('a')
    expect(summary).not.toBeNull()
    await (await manager.chat({ workstream: 'a', content: 'question three' })).ended
    const [first] = models.requests.at(-1)?.messages ?? []
    expect(first).toMatchObject({ role: 'user', content: expect.stringContaining('[summary of') })
    expect(JSON.stringify(first)).toContain(JSON.stringify(summary?.split('\n')[1]).slice(1, -1))
    expect(dir.recordsOf('a', 'messages').length).toBe(37)
  })

  it('is the same after a restart, a rebuild, and after it was archived', async () => {
    const { dir, manager, models } = await talked('a')
    const before = await sentTo(manager, 'a')
    await manager.rebuildIndex()
    expect(await sentTo(manager, 'a')).toEqual(before)
    await manager.archiveWorkstream('a')
    await manager.unarchiveWorkstream('a')
    // Archiving ends the session: what is said next begins a new one.
    expect(said(await sentTo(manager, 'a'))).toEqual(said(before))
    const archived = await sentTo(manager, 'a')
    await manager.close()
    expect(await sentTo(await dir.open({ models }), 'a')).toEqual(archived)
  })

  it('is the same in a fork, and where it was promoted to', async () => {
    const { manager } = await talked('scratch')
    const before = said(await sentTo(manager, 'scratch'))
    const messages = (await manager.listMessages('scratch', { limit: 100 })).items
    const { workstream } = await manager.promote({
      title: 'Bridges',
      messages: { first: messages[0]?.sequence ?? 0, last: messages.at(-1)?.sequence ?? 0 },
    })
    expect(said(await sentTo(manager, workstream.id))).toEqual(before)
    const fork = await manager.forkWorkstream(workstream.id)
    expect(said(await sentTo(manager, fork.id))).toEqual(before)
    expect(JSON.stringify(await sentTo(manager, 'scratch'))).not.toContain('question one')
  })
})

/** Without the lines that say when a session began. */
function said(messages: ModelRequest['messages']): string[] {
  return messages.flatMap((message) =>
    message.role === 'tool'
      ? []
      : message.content.split('\n').filter((line) => line !== '' && !line.startsWith('[session')),
  )
}
