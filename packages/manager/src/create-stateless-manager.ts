import { type Clock, timestampOf } from '@arawn/core/clock'
import { addCost } from '@arawn/core/cost'
import { WorkstreamError } from '@arawn/core/error'
import type { IdSource, InteractionId } from '@arawn/core/id'
import type { LanguageModel, LanguageModels, ModelUsage } from '@arawn/core/language-model'
import type { Message } from '@arawn/core/message'
import type { Turn, TurnEnd } from '@arawn/core/turn'
import type { ChatInput, ChatTurn, TurnOperations } from '@arawn/core/turn-operations'
import { turnEndEvents } from '@arawn/core/workstream-event'
import type { WorkstreamManager } from '@arawn/core/workstream-manager'
import { errorWords } from '@arawn/engine/error-words'
import { createTurnStream } from './turn/turn-stream.js'

export interface StatelessPorts {
  readonly models: LanguageModels
  readonly clock: Clock
  readonly ids: IdSource
}

/**
 * What is left when workstreams are switched off: models answer single messages. Nothing is kept, ids name nothing
 * later, a key is not remembered, and all else is WORKSTREAMS_DISABLED.
 */
export function createStatelessManager({ models, clock, ids }: StatelessPorts): WorkstreamManager {
  const running = new Map<InteractionId, ChatTurn>()
  const now = () => timestampOf(clock.nowMs())

  async function chat({ workstream, content, model: name, signal }: ChatInput): Promise<ChatTurn> {
    if (workstream !== undefined) throw disabled()
    const model = await models.open(name ?? null)
    const place = {
      workstream_id: ids.next('ws'),
      session_id: ids.next('ses'),
      interaction_id: ids.next('int'),
    }
    const say = (role: 'user' | 'assistant', text: string, sequence: number): Message => ({
      v: 1,
      stamp: Math.floor(clock.nowMs() * 1_000),
      id: ids.next('msg'),
      session_id: place.session_id,
      timestamp: now(),
      role,
      content: text,
      interaction_id: place.interaction_id,
      sequence,
    })
    const message = say('user', content.toWellFormed(), 1)
    const started_at = message.timestamp
    const stream = createTurnStream()
    stream.tell({ type: 'turn.started', interaction_id: place.interaction_id, message })
    const stop = new AbortController()
    const cancel = () => stop.abort('cancelled')
    signal?.addEventListener('abort', cancel, { once: true })

    async function answer(): Promise<Turn> {
      const told = (text: string) => stream.tell({ type: 'turn.delta', text })
      const said = await ask(model, message.content, stop.signal, told)
      if (said.text !== '') stream.tell({ type: 'message.created', message: say('assistant', said.text, 2) })
      const turn: Turn = {
        ...place,
        message_id: message.id,
        owner: 'stateless',
        started_at,
        ended_at: now(),
        ...said.end,
      }
      running.delete(place.interaction_id)
      signal?.removeEventListener('abort', cancel)
      stream.tell({ type: turnEndEvents[said.end.status], turn })
      stream.end()
      return turn
    }

    const turn: ChatTurn = { ...place, message, ended: answer(), events: (left) => stream.read(left), cancel }
    running.set(place.interaction_id, turn)
    return turn
  }

  const operations: Pick<TurnOperations, 'chat' | 'listRunningTurns' | 'cancelTurn' | 'endDeadTurns'> = {
    chat,
    listRunningTurns: async (workstream) =>
      [...running.values()].filter(({ workstream_id: id }) => workstream === undefined || workstream === id),
    cancelTurn: async (workstream, interactionId) => {
      const turns = [...running.values()].filter(({ workstream_id: id }) => id === workstream)
      const turn = turns.find(({ interaction_id: id }) => interactionId === undefined || interactionId === id)
      turn?.cancel()
      return turn !== undefined
    },
    endDeadTurns: async () => 0,
  }
  const kept = {
    ...operations,
    close: async () => {
      for (const turn of running.values()) turn.cancel()
      await Promise.all([...running.values()].map(({ ended }) => ended))
    },
  }
  return new Proxy(kept, {
    get: (own, name) => Reflect.get(own, name) ?? refusal(name),
  }) as unknown as WorkstreamManager
}

async function ask(
  model: LanguageModel,
  content: string,
  signal: AbortSignal,
  told: (text: string) => void,
): Promise<{
  text: string
  end: Pick<Turn, 'model' | 'usage' | 'cost_usd' | 'error' | 'error_message'> & { status: TurnEnd }
}> {
  let text = ''
  let usage: ModelUsage | undefined
  let failure: unknown
  try {
    for await (const event of model.stream({ system: SYSTEM, messages: [{ role: 'user', content }], signal })) {
      if (event.type === 'text') {
        text += event.text
        told(event.text)
      } else if (event.type === 'end') usage = event.usage
    }
  } catch (error) {
    failure = error
  }
  const isError = failure !== undefined && !signal.aborted
  return {
    text: text.toWellFormed(),
    end: {
      status: signal.aborted ? 'cancelled' : isError ? 'error' : 'ok',
      model: `${model.profile}/${model.model}`,
      usage: usage === undefined ? null : { ...usage },
      cost_usd: usage === undefined ? null : addCost(0, model.costOf(usage)),
      error: isError ? (failure instanceof WorkstreamError ? failure.code : 'INTERNAL') : null,
      error_message: isError ? (errorWords(failure) ?? null) : null,
    },
  }
}

const SYSTEM = 'You are an assistant. Nothing that is said here is kept: each message stands for itself.\n'

/** Whoever waits for the manager asks whether it has a `then`; what is optional is not there. */
function refusal(name: string | symbol): unknown {
  if (typeof name === 'symbol' || name === 'then' || name === 'watchCompressions') return undefined
  if (name !== 'subscribe' && name !== 'lastStamp') return () => Promise.reject(disabled())
  return () => {
    throw disabled()
  }
}

function disabled(): WorkstreamError<'WORKSTREAMS_DISABLED'> {
  const message = 'workstreams are switched off by the setting workstreams.enabled'
  return new WorkstreamError('WORKSTREAMS_DISABLED', message, { setting: 'workstreams.enabled' })
}
