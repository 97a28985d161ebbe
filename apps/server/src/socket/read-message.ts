import { WorkstreamError } from '@arawn/core/error'
import { clientMessageSchema, type ReadClientMessage } from '@arawn/core/socket-message'

/** A message of a client, or why it is none; with its own name for it as far as that can be read. */
export interface Read {
  readonly requestId: string | undefined
  readonly message: ReadClientMessage | WorkstreamError
}

export function readMessage(text: string | undefined): Read {
  const value = parsed(text)
  if (value === undefined) return { requestId: undefined, message: unreadable() }
  const requestId = requestIdOf(value)
  const { data, error } = clientMessageSchema.safeParse(value)
  if (data !== undefined) return { requestId, message: data }
  const issue = error.issues[0]
  const path = issue?.path.join('.') ?? ''
  const problem = issue?.message ?? 'is no message of a client'
  const sentence = path === '' ? problem : `${path}: ${problem}`
  return { requestId, message: new WorkstreamError('INVALID_INPUT', sentence, { path, problem }) }
}

function parsed(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}

function requestIdOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || !('request_id' in value)) return undefined
  const { request_id: id } = value
  return typeof id === 'string' && id !== '' && id.length <= 200 ? id : undefined
}

function unreadable(): WorkstreamError<'REQUEST_UNREADABLE'> {
  const problem = 'a message is one text frame of JSON'
  return new WorkstreamError('REQUEST_UNREADABLE', problem, { problem })
}
