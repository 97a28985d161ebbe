import { type Json, type JsonObject, stringOf } from '../json-value.js'

/**
 * The session that a transcript is of.
 *
 * A resumed session's file begins with lines of the session that it went on from. It is still one conversation, and
 * Claude Code names the file after it. A file with another name takes the id of its first line, which stays when the
 * file grows. A sub-agent's own file has the id of the session that started it, and is another conversation.
 */
export function conversationId(lines: readonly JsonObject[], location: string): string {
  const sessions = lines.map(({ sessionId }) => idOf(sessionId)).filter((id) => id !== undefined)
  const fileName = location
    .split(/[\\/]/)
    .at(-1)
    ?.replace(/\.jsonl$/, '')
  const session = sessions.find((id) => id === fileName) ?? sessions[0] ?? location
  const [agent] = lines.map(({ agentId }) => idOf(agentId))
  const isSubagent = agent !== undefined && lines.every((line) => line.isSidechain === true && line.agentId === agent)
  return isSubagent ? `${session}#${agent}` : session
}

function idOf(value: Json | undefined): string | undefined {
  const id = stringOf(value)
  return id === undefined || id === '' || id.length > MAX_ID ? undefined : id
}

// They are UUIDs; a source's id is at most 4,096 characters.
const MAX_ID = 200
