import type { WorkstreamId } from '@arawn/core/id'
import type { LanguageModel } from '@arawn/core/language-model'
import type { Message } from '@arawn/core/message'
import { askForTitle } from '@arawn/engine/ask-for-title'
import { titleOf } from '@arawn/engine/title-of'
import type { Desk } from '../operations/desk.js'

// Closing waits for it, and so does a person at a terminal. Then the first words are title enough.
const TITLE_MS = 10_000

/** Gives a title to a workstream without one, from a turn that ended well. Nobody waits for it. */
export type GiveTitle = (
  workstreamId: WorkstreamId,
  messages: readonly Message[],
  model: LanguageModel,
) => Promise<void>

export function createGiveTitle({ queue }: Pick<Desk, 'queue'>): GiveTitle {
  function lacksTitle(workstreamId: string): Promise<boolean> {
    return queue.commit({
      workstreamId,
      decide: async ({ standing }) => {
        const { workstream } = await standing()
        const lacks = workstream !== undefined && workstream.title === null && !workstream.is_scratch
        return { records: [], answer: () => lacks }
      },
    })
  }

  /** A person may have given one meanwhile. */
  function setTitle(workstreamId: string, title: string): Promise<void> {
    return queue.commit({
      workstreamId,
      decide: async ({ standing, context: { nextStamp, timestamp } }) => {
        const { workstream } = await standing()
        const lacks = workstream?.title === null && workstream.state !== 'archived'
        const record = { v: 1, stamp: nextStamp(), type: 'workstream_updated', timestamp, changes: { title } } as const
        return { records: lacks ? [{ log: 'workstream', record }] : [], answer: () => {} }
      },
    })
  }

  return async (workstreamId, messages, model) => {
    const first = messages.find(({ role }) => role === 'user')
    const answer = messages.findLast(({ role }) => role === 'assistant')
    if (first === undefined || !(await lacksTitle(workstreamId))) return
    const patience = AbortSignal.timeout(TITLE_MS)
    const title = (await askForTitle(model, first.content, answer?.content ?? '', patience)) ?? titleOf(first.content)
    if (title !== null) await setTitle(workstreamId, title)
  }
}
