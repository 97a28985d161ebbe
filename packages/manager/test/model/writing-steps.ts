/** Steps that write by asking for it. */
import type { InteractionId } from '@arawn/core/id'
import type { Metadata } from '@arawn/core/message'
import type { PromoteInput } from '@arawn/core/message-operations'
import type { ImportConversationInput } from '@arawn/core/transfer-operations'
import type { CreateWorkstreamInput, UpdateWorkstreamInput } from '@arawn/core/workstream-operations'
import fc from 'fast-check'
import { importConversation } from './model-imports.js'
import { push, type Sent, send } from './model-messages.js'
import { promote } from './model-promotions.js'
import { showMessage, showSession, showWorkstream } from './model-reads.js'
import { endOwn, endSession, sweepIdle } from './model-sessions.js'
import { changeState, create, type StateChange, update } from './model-workstreams.js'
import { find, SCRATCH } from './model-world.js'
import { idOf, key, messageOf, type Reference, reference, sessionOf, tags, text, title } from './references.js'
import { repeatStep, steps } from './step.js'

const metadata = fc.constantFrom<Metadata[]>({}, { a: { b: [1] } })
const fields = { title, default_model: fc.constantFrom(null, 'large'), tags, metadata }
const optional = { requiredKeys: [] as [] }

const createStep = steps(
  fc.record(
    { id: fc.constantFrom('a', 'a', 'b', 'b', 'c', 'c', SCRATCH, 'No Id'), ...fields, idempotency_key: key },
    optional,
  ),
  (input: CreateWorkstreamInput) => ({
    name: 'createWorkstream',
    input: () => input,
    ask: ({ manager }, asked) => manager.createWorkstream(asked),
    expected: ({ world }, asked, answer) => create(world, asked, answer?.id ?? '(none)'),
  }),
)

const updateStep = steps(
  fc.tuple(reference, fc.record(fields, optional)),
  ([target, changes]: [Parameters<typeof idOf>[1], UpdateWorkstreamInput]) => ({
    name: 'updateWorkstream',
    input: (scene) => ({ reference: idOf(scene, target), changes }),
    ask: ({ manager }, asked) => manager.updateWorkstream(asked.reference, asked.changes),
    expected: ({ world }, asked) => showWorkstream(update(world, asked.reference, asked.changes)),
  }),
)

const stateStep = steps(
  fc.tuple(reference, fc.constantFrom<StateChange[]>('pause', 'resume', 'archive', 'unarchive', 'unarchive')),
  ([target, change]) => ({
    name: `${change}Workstream`,
    input: (scene) => idOf(scene, target),
    ask: ({ manager }, id) => manager[`${change}Workstream`](id),
    expected: ({ world }, id) => showWorkstream(changeState(world, id, change)),
  }),
)

const sent = ({ message }: Sent) => showMessage(message)
const nothingDrawn = { id: '(none)', session_id: '(none)' }

const sendStep = steps(
  fc.record(
    {
      workstream: reference,
      content: text,
      role: fc.constantFrom('user', 'assistant', 'system', 'tool_use', 'tool_result'),
      author: fc.constant('ada'),
      interaction_id: fc.constant<InteractionId>('int_1'),
      idempotency_key: key,
      metadata,
    },
    { requiredKeys: ['content'] },
  ),
  ({ workstream, ...said }) => ({
    name: 'sendMessage',
    input: (scene) => ({ ...(workstream !== undefined && { workstream: idOf(scene, workstream) }), ...said }),
    ask: ({ manager }, asked) => manager.sendMessage(asked),
    expected: ({ world }, asked, answer = undefined, { own }) => sent(send(world, asked, answer ?? nothingDrawn, own)),
  }),
)

const pushStep = steps(
  fc.record(
    { workstream: reference, content: text, author: fc.constant('ada'), idempotency_key: key, metadata },
    { requiredKeys: ['workstream', 'content'] },
  ),
  ({ workstream, ...said }) => ({
    name: 'pushAgentMessage',
    input: (scene) => ({ workstream: idOf(scene, workstream), ...said }),
    ask: ({ manager }, asked) => manager.pushAgentMessage(asked),
    expected: ({ world }, asked, answer, { own }) => sent(push(world, asked, answer ?? nothingDrawn, own)),
  }),
)

const importedAt = fc.option(
  fc.integer({ min: -3, max: 3 }).map((n) => new Date(Date.UTC(2025, 0, 1) + n * 20 * 60_000).toISOString()),
  { nil: undefined },
)

const importStep = steps(
  fc.record(
    {
      conversation: fc.constantFrom('c1', 'c2'),
      title,
      into: reference,
      idempotency_key: key,
      messages: fc.array(
        fc.record({ n: fc.nat(4), role: fc.constantFrom('user', 'assistant', 'agent_push'), timestamp: importedAt }),
        { maxLength: 5 },
      ),
    },
    { requiredKeys: ['conversation', 'messages'] },
  ),
  ({ conversation, into, messages, ...rest }) => ({
    name: 'importConversation',
    input: (scene): ImportConversationInput => ({
      source: { format: 'jsonl', conversation_id: conversation },
      ...rest,
      ...(into !== undefined && { into: idOf(scene, into) }),
      messages: messages.map(({ n, ...said }) => ({ key: `k${n}`, content: `imported ${n}`, ...said })),
    }),
    async ask({ manager }, asked) {
      const report = await manager.importConversation(asked)
      const { items } = await manager.listMessages(report.workstream.id, { limit: 1_000 })
      return { report, drawn: items.slice(items.length - report.added) }
    },
    seen: ({ report }) => report,
    expected({ world }, asked, answer) {
      const drawn = { workstreamId: answer?.report.workstream.id ?? '(none)', messages: answer?.drawn ?? [] }
      const { workstream, counts } = importConversation(world, asked, drawn)
      return { workstream: showWorkstream(workstream), ...counts }
    },
  }),
)

interface PromoteChoice {
  readonly session?: number
  readonly messages?: readonly [number, number]
  readonly byId: boolean
  readonly to: { readonly title?: string; readonly into?: Reference }
  readonly idempotency_key?: string | undefined
}

/** Where to is nearly always said, and only once. */
const promoteTo = fc.oneof(
  { weight: 6, arbitrary: fc.record({ title: fc.constantFrom('Rust', 'Promoted') }) },
  { weight: 6, arbitrary: fc.record({ into: reference }) },
  { weight: 1, arbitrary: fc.record({ title: fc.constant('Rust'), into: reference }, { requiredKeys: [] }) },
)

const promoteStep = steps(
  fc.record(
    {
      session: fc.nat(5),
      messages: fc.tuple(fc.nat(12), fc.nat(12)),
      byId: fc.boolean(),
      to: promoteTo,
      idempotency_key: key,
    },
    { requiredKeys: ['byId', 'to'] },
  ),
  ({ session, messages, byId, to: { title: newTitle, into }, ...rest }: PromoteChoice) => ({
    name: 'promote',
    input: (scene): PromoteInput => ({
      ...rest,
      ...(session !== undefined && messages === undefined && { session: sessionOf(scene, SCRATCH, session) }),
      ...(messages !== undefined && {
        messages: {
          first: messageOf(scene, SCRATCH, Math.min(...messages), byId),
          last: messageOf(scene, SCRATCH, Math.max(...messages), byId),
        },
      }),
      title: newTitle,
      ...(into !== undefined && { into: idOf(scene, into) }),
    }),
    ask: ({ manager }, asked) => manager.promote(asked),
    expected({ world }, asked, answer) {
      const drawn = { id: answer?.id ?? '(none)', targetId: answer?.workstream.id ?? '(none)' }
      const { id, targetId, messages: count } = promote(world, asked, drawn)
      return { id, workstream: showWorkstream(find(world, targetId)), messages: count }
    },
  }),
)

const endStep = steps(fc.tuple(reference, fc.option(fc.nat(5), { nil: undefined })), ([target, session]) => ({
  name: 'endSession',
  input(scene) {
    const id = idOf(scene, target)
    return { id, session: session === undefined ? undefined : sessionOf(scene, id, session) }
  },
  ask: ({ manager }, { id, session: nth }) => manager.endSession(id, nth),
  expected: ({ world }, { id, session: nth }) => showSession(endSession(world, id, nth)),
}))

const sweepStep = steps(fc.constantFrom('sweepIdleSessions', 'endOwnSessions'), (name) => ({
  name,
  input: () => undefined,
  ask: ({ manager }) => manager[name](),
  expected({ world }, _asked, answer, { own }) {
    const order = answer?.map(({ workstream_id }) => workstream_id) ?? []
    const ended = name === 'sweepIdleSessions' ? sweepIdle(world, order) : endOwn(world, own, order)
    return ended.map(showSession)
  },
}))

export const writingSteps = [
  ...[createStep, createStep, createStep, updateStep, stateStep, stateStep],
  ...[sendStep, sendStep, sendStep, sendStep, sendStep, sendStep, sendStep, sendStep, pushStep, pushStep],
  ...[importStep, importStep, promoteStep, promoteStep, endStep, sweepStep, repeatStep, repeatStep],
]
