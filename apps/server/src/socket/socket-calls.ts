import type { Accepted, ReadClientMessage } from '@arawn/core/socket-message'
import type { ChatTurn } from '@arawn/core/turn-operations'
import type { WorkstreamManager } from '@arawn/core/workstream-manager'
import { isReplayed } from '@arawn/manager/is-replayed'
import type { Followings } from './followings.js'

type Without<Message> = Message extends Accepted ? Omit<Message, 'type' | 'request_id'> : never

export interface Called {
  readonly accepted: Without<Accepted>
  /** What comes behind the answer. */
  readonly behind?: ((tellTurn: (turn: ChatTurn) => void) => void) | undefined
}

type Asked = Exclude<ReadClientMessage, { type: 'authenticate' | 'ping' }>

/** Does what a message asks for: one call of the manager each. */
export async function callFor(
  message: Asked,
  { manager, followings }: { manager: WorkstreamManager; followings: Followings },
): Promise<Called> {
  switch (message.type) {
    case 'subscribe': {
      const { workstream, since, replace } = message
      const id = workstream === undefined ? undefined : (await manager.getWorkstream(workstream)).id
      const begin = followings.follow(id, { since, replace })
      return { accepted: { what: 'subscribe', workstream_id: id ?? null }, behind: begin }
    }
    case 'chat': {
      const { type, request_id, message: content, stream, ...said } = message
      const turn = await manager.chat({ ...said, content })
      const { workstream_id, session_id, interaction_id } = turn
      const told = { workstream_id, session_id, interaction_id, message: turn.message, replayed: isReplayed(turn) }
      return { accepted: { what: 'chat', ...told }, behind: stream ? (tellTurn) => tellTurn(turn) : undefined }
    }
    case 'push': {
      const { type, request_id, ...said } = message
      const pushed = await manager.pushAgentMessage(said)
      return { accepted: { what: 'push', message: pushed, replayed: isReplayed(pushed) } }
    }
    case 'cancel': {
      const cancelled = await manager.cancelTurn(message.workstream, message.interaction_id)
      return { accepted: { what: 'cancel', cancelled } }
    }
  }
}
