import { timestampOf } from '@arawn/core/clock'
import type { LanguageModels } from '@arawn/core/language-model'
import type { Message } from '@arawn/core/message'
import type { Workstream } from '@arawn/core/workstream'
import type { WorkstreamManager } from '@arawn/core/workstream-manager'
import type { ContextOf } from '../context/context-of.js'
import { usedSummaries } from '../context/read-material.js'
import { explainContextSchema } from '../input/input-schemas.js'
import { invalidInput, parseInput } from '../input/parse-input.js'
import { readMessages } from '../reading/read-messages.js'
import type { HintsForTurn } from '../recall/question-hints.js'
import type { OfferedTool } from '../turn/chat-tools.js'
import type { TurnPlace } from '../turn/turn-log.js'
import type { Desk } from './desk.js'

type Operations = Pick<WorkstreamManager, 'explainContext'>

export interface ContextOperationParts {
  readonly models: LanguageModels
  readonly contextOf: ContextOf
  readonly hintsForTurn: HintsForTurn
  readonly ownTools: (
    workstream: Workstream,
    place: Pick<TurnPlace, 'interaction_id' | 'session_id'>,
  ) => readonly OfferedTool[]
}

export function createContextOperations(
  { index, log, clock, ask, read }: Desk,
  { models, contextOf, hintsForTurn, ownTools }: ContextOperationParts,
): Operations {
  /** The user message that is answered last. */
  async function lastUserMessage(workstreamId: string): Promise<Message | undefined> {
    for (let before: number | undefined; ; ) {
      const page = await index.messages({ workstreamId, limit: PAGE, before })
      const messages = await readMessages(log, workstreamId, page.items)
      const found = messages.findLast(({ role }) => role === 'user')
      const first = page.items[0]
      if (found !== undefined || !page.hasMore || first === undefined) return found
      before = first.sequence
    }
  }

  async function isSummarized(workstreamId: string, { sequence }: Message): Promise<boolean> {
    const used = await usedSummaries(index, workstreamId)
    const summaries = (await index.summaries(workstreamId)).filter(({ id }) => used.has(id))
    return summaries.some(({ coverage }) => coverage.some(([first, last]) => first <= sequence && sequence <= last))
  }

  /** A turn that is summarized is not shown as it is any more: somebody is about to say something. */
  async function lastTurn(workstreamId: string): Promise<ShownTurn> {
    const last = await lastUserMessage(workstreamId)
    if (last === undefined || !(await isSummarized(workstreamId, last))) return { start: last, imagined: undefined }
    const next = await imagine(workstreamId, '')
    return { start: next, imagined: next }
  }

  async function imagine(workstreamId: string, content: string): Promise<Message> {
    const nowMs = clock.nowMs()
    const active = await index.activeSession(workstreamId)
    return {
      v: 1,
      stamp: Math.floor(nowMs * 1000),
      id: 'msg_imagined',
      session_id: active?.id ?? 'ses_imagined',
      sequence: ((await index.heads(workstreamId))?.messages.lines ?? 0) + 1,
      timestamp: timestampOf(nowMs),
      role: 'user',
      content,
    }
  }

  return {
    explainContext: async (reference, input = {}) => {
      const { message, model: wanted } = parseInput(explainContextSchema, input)
      const workstream = await read(reference, async (found) => found)
      const model = await models.open(wanted ?? workstream.default_model)
      const { start, imagined } = await ask(async (): Promise<ShownTurn> => {
        if (message === undefined) return lastTurn(workstream.id)
        const next = await imagine(workstream.id, message)
        return { start: next, imagined: next }
      })
      if (start === undefined) throw invalidInput('message', 'is needed where nobody has said anything yet')
      const tools = ownTools(workstream, { interaction_id: '', session_id: start.session_id })
      const { fits: _, ...context } = await contextOf({
        workstream,
        turnStart: start.sequence,
        model,
        tools,
        imagined,
        hintsOf: hintsForTurn(),
      })
      return { ...context, model: `${model.profile}/${model.model}`, windowTokens: model.windowTokens }
    },
  }
}

/** The turn that stands at the end of a context, and whether its message is in the log. */
interface ShownTurn {
  readonly start: Message | undefined
  readonly imagined: Message | undefined
}

const PAGE = 200
