import { hasCode, WorkstreamError } from '@arawn/core/error'
import { type MessageId, SCRATCH_ID, type WorkstreamId } from '@arawn/core/id'
import type { LanguageModel, LanguageModels, Passage } from '@arawn/core/language-model'
import type { Logger } from '@arawn/core/logger'
import type { Idempotency, Message } from '@arawn/core/message'
import type { PromotionReport } from '@arawn/core/message-operations'
import type { Turn } from '@arawn/core/turn'
import type { ChatInput, ChatTurn, ToldInput } from '@arawn/core/turn-operations'
import type { Workstream } from '@arawn/core/workstream'
import type { WorkstreamManager } from '@arawn/core/workstream-manager'
import { errorWords } from '@arawn/engine/error-words'
import type { ContextOf } from '../context/context-of.js'
import { firstMessage } from '../idempotency/first-answer.js'
import { replayed } from '../idempotency/replays.js'
import { requestKey } from '../idempotency/request-key.js'
import { chatSchema, listFailedTurnsSchema, toldSchema } from '../input/input-schemas.js'
import { parseInput } from '../input/parse-input.js'
import type { FinishPromotion } from '../promotion/finish-promotion.js'
import { readTurnMessages } from '../reading/read-turn-messages.js'
import type { HintsForTurn } from '../recall/question-hints.js'
import { type OfferedTool, offeredTools } from '../turn/chat-tools.js'
import { endEvent, pastTurn } from '../turn/past-turn.js'
import { runTurn } from '../turn/run-turn.js'
import type { RunningTurns } from '../turn/running-turns.js'
import { readToldHistory } from '../turn/told-history.js'
import type { BegunTurn, EndedTurn, StartedTurn, TurnLog, TurnPlace } from '../turn/turn-log.js'
import { createTurnStream } from '../turn/turn-stream.js'
import type { Desk } from './desk.js'

type Operations = Pick<
  WorkstreamManager,
  'chat' | 'getTurn' | 'listRunningTurns' | 'listFailedTurns' | 'cancelTurn' | 'endDeadTurns'
>

export interface ChatParts {
  readonly logger: Logger
  readonly models: LanguageModels
  readonly turnLog: TurnLog
  readonly running: RunningTurns
  readonly contextOf: ContextOf
  readonly hintsForTurn: HintsForTurn
  /** Those that a workstream gives its model. */
  readonly ownTools: (workstream: Workstream, place: TurnPlace) => readonly OfferedTool[]
  readonly lookUp: (workstreamId: WorkstreamId, text: string, askedBy: MessageId) => Promise<readonly Passage[]>
  readonly finishPromotion: FinishPromotion
  /** After a turn that ended well; nobody waits for it. */
  readonly afterTurn: (turn: Turn, messages: readonly Message[], model: LanguageModel) => void
}

export function createChatOperations({ index, log, ask, read }: Desk, parts: ChatParts): Operations {
  const { models, turnLog, running, contextOf, hintsForTurn, ownTools, lookUp, finishPromotion, afterTurn, logger } =
    parts

  let last: Promise<unknown> = Promise.resolve()

  /** Those who wait for others stand in line in the order in which they came. */
  function inOrder<Answer>(question: () => Promise<Answer>): Promise<Answer> {
    const answer = last.then(question, question)
    last = answer
    return answer
  }

  /** Begins a turn; behind one that runs, when the caller would rather wait. */
  async function start(
    workstreamId: WorkstreamId,
    said: Said,
    { if_busy: ifBusy, signal }: Pick<ChatInput, 'if_busy' | 'signal'>,
    idempotency: Idempotency | undefined,
  ): Promise<Exclude<StartedTurn, { overtaken: true }>> {
    for (;;) {
      try {
        const told =
          'messages' in said
            ? await read(workstreamId, ({ id }) => readToldHistory({ rows: index, log }, id, said.messages))
            : { opening: { before: [], messages: [{ role: 'user' as const, ...said }] as const } }
        const started = await turnLog.start(workstreamId, told, idempotency)
        if (!('overtaken' in started)) return started
      } catch (error) {
        if (ifBusy !== 'queue' || !hasCode(error, 'WORKSTREAM_BUSY')) throw error
        const other = running.find(workstreamId, error.details.interactionId)
        // One of another process is looked at again and again.
        if (other === undefined) await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS))
        else await other.ended
        if (signal?.aborted === true) throw error
      }
    }
  }

  /** What it leaves to do can be done later, or by hand: it is no failure of the turn. */
  async function afterTurnOf(
    { turn, promotionId }: EndedTurn,
    model: LanguageModel,
  ): Promise<PromotionReport | undefined> {
    try {
      const messages = await ask(() => readTurnMessages({ rows: index, log }, turn))
      const promoted = promotionId === undefined ? undefined : await finishPromotion(promotionId)
      afterTurn(turn, messages, model)
      return promoted
    } catch (error) {
      logger.warn('what a turn left to do was not done', {
        code: error instanceof WorkstreamError ? error.code : 'INTERNAL',
      })
      return undefined
    }
  }

  function run(
    workstream: Workstream,
    { place, messages }: BegunTurn,
    { model, given, wishes }: { model: LanguageModel; given: readonly OfferedTool[]; wishes: Wishes },
  ): ChatTurn {
    const [message, ...more] = messages
    const { signal, instructions, style, max_output_tokens: maxOutputTokens } = wishes
    // A caller cannot put another tool in the place of one of the workstream's own.
    // One that has to call a tool means one of the caller's.
    const isForced = style?.toolChoice === 'required' || typeof style?.toolChoice === 'object'
    const own = isForced ? [] : ownTools(workstream, place)
    const tools = [...own, ...given.filter(({ name }) => own.every((tool) => tool.name !== name))]
    const stream = createTurnStream()
    const abort = new AbortController()
    const stop = (reason: 'cancelled' | 'closed') => abort.abort(reason)
    const cancel = () => stop('cancelled')
    signal?.addEventListener('abort', cancel, { once: true })
    if (signal?.aborted === true) cancel()
    stream.tell({ type: 'turn.started', interaction_id: place.interaction_id, message })
    const hintsOf = hintsForTurn(abort.signal)
    for (const another of more) stream.tell({ type: 'message.created', message: another })

    async function toItsEnd(): Promise<EndedTurn> {
      const ended = await runTurn(place, {
        log: turnLog,
        model,
        tools,
        maxOutputTokens,
        style,
        context: () => contextOf({ workstream, turnStart: message.sequence, model, tools, instructions, hintsOf }),
        lookUp: (text) => lookUp(place.workstreamId, text, message.id),
        signal: abort.signal,
        tell: stream.tell,
      })
      if (ended !== undefined) return ended
      const turn = await ask(() => index.turn(place.workstreamId, place.interaction_id))
      if (turn === undefined) throw new Error(`turn ${place.interaction_id} is gone`)
      return { turn, promotionId: undefined }
    }

    async function whole(): Promise<Turn> {
      const ended = await toItsEnd().catch((error: unknown) => unwritten(place, message, error))
      signal?.removeEventListener('abort', cancel)
      const { turn } = ended
      const promoted = turn.status === 'ok' ? await afterTurnOf(ended, model) : undefined
      if (promoted !== undefined) stream.tell({ type: 'turn.promoted', ...promoted })
      stream.tell(endEvent(turn))
      stream.end()
      return turn
    }

    const turn: ChatTurn = {
      workstream_id: place.workstreamId,
      session_id: place.session_id,
      interaction_id: place.interaction_id,
      message,
      events: stream.read,
      ended: whole(),
      cancel,
    }
    running.add(turn, stop)
    return turn
  }

  async function repeatedTurn(workstreamId: WorkstreamId, sequence: number): Promise<ChatTurn> {
    const request = { request_hash: '', workstream_id: workstreamId, log: 'messages', sequence } as const
    const { interaction_id: interactionId } = await firstMessage({ rows: index, log }, request)
    if (interactionId === undefined)
      throw new WorkstreamError('TURN_NOT_FOUND', `the turn of a repeated request is gone`, {
        workstreamId,
        interactionId: '',
      })
    const turn = running.find(workstreamId, interactionId)
    // Whoever began it holds the same one.
    return replayed({ ...(turn ?? (await pastTurn({ rows: index, log }, workstreamId, interactionId))) })
  }

  return {
    chat: async (input) => {
      const { tools = {}, signal, ...rest } = input
      const parsed = 'messages' in rest ? parseInput(toldSchema, rest) : parseInput(chatSchema, rest)
      const { workstream: reference = SCRATCH_ID, model: wanted, instructions, style, max_output_tokens } = parsed
      const given = offeredTools(tools)
      const said: Said =
        'messages' in parsed
          ? { messages: parsed.messages }
          : { content: parsed.content, author: parsed.author, metadata: parsed.metadata }
      const wishes = { signal, instructions, style, max_output_tokens }
      const { workstream, place } = await inOrder(async () => {
        const found = await read(reference, async (named) => named)
        return { workstream: found, place: parsed.if_busy === 'queue' ? running.line(found.id) : undefined }
      })
      const leave = (await place) ?? (() => {})
      try {
        const model = await models.open(wanted ?? workstream.default_model)
        const asked = { ...said, model: wanted, instructions, style, max_output_tokens }
        const idempotency = requestKey(parsed.idempotency_key, 'chat', asked)
        const started = await start(workstream.id, said, { if_busy: parsed.if_busy, signal }, idempotency)
        if ('repeated' in started) return await repeatedTurn(workstream.id, started.repeated)
        return run(workstream, started, { model, given, wishes })
      } finally {
        leave()
      }
    },

    getTurn: (reference, interactionId) =>
      read(
        reference,
        async ({ id }) => running.find(id, interactionId) ?? pastTurn({ rows: index, log }, id, interactionId),
      ),

    listRunningTurns: async (reference) =>
      reference === undefined ? running.list(undefined) : read(reference, async ({ id }) => running.list(id)),

    listFailedTurns: async (reference, query = {}) => {
      const { limit } = parseInput(listFailedTurnsSchema, query)
      return read(reference, ({ id }) => index.failedTurns(id, limit))
    },

    cancelTurn: (reference, interactionId) => read(reference, async ({ id }) => running.cancel(id, interactionId)),

    endDeadTurns: async () => {
      const turns = await ask(() => index.runningTurns())
      const dead: Turn[] = []
      for (const turn of turns) if (await turnLog.endIfDead(turn)) dead.push(turn)
      return dead.length
    },
  }
}

/** What is said: one message, or a conversation of which some is known. */
type Said = Pick<ToldInput, 'messages'> | Pick<ChatInput, 'content' | 'author' | 'metadata'>

/** How it is to be answered. */
type Wishes = Pick<ChatInput, 'signal' | 'instructions' | 'style' | 'max_output_tokens'>

const LOOK_AGAIN_MS = 100

/** The end of a turn that could not be written. Whoever comes next ends it as interrupted. */
function unwritten(
  { workstreamId, interaction_id, session_id }: TurnPlace,
  message: Message,
  error: unknown,
): EndedTurn {
  const turn: Turn = {
    interaction_id,
    workstream_id: workstreamId,
    session_id,
    message_id: message.id,
    status: 'error',
    owner: '',
    started_at: message.timestamp,
    ended_at: null,
    model: null,
    usage: null,
    cost_usd: null,
    error: error instanceof WorkstreamError ? error.code : 'INTERNAL',
    error_message: errorWords(error) ?? null,
  }
  return { turn, promotionId: undefined }
}
