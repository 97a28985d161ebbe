import { WorkstreamError } from '@arawn/core/error'
import type { WorkstreamId } from '@arawn/core/id'
import { decodeLine } from '@arawn/core/line'
import type { LogStore } from '@arawn/core/log-store'
import type { Message } from '@arawn/core/message'
import type { LogName, LogRecord } from '@arawn/core/record'
import type { Workstream } from '@arawn/core/workstream'
import type { IdempotentRequest, IndexReader } from '@arawn/core/workstream-index'
import { createdWorkstream } from '@arawn/engine/workstream-decisions'
import { readMessages } from '../reading/read-messages.js'

/** The message that a repeated request wrote. One that was moved since is told as it stands where it is now. */
export async function firstMessage(
  { rows, log }: { rows: IndexReader; log: LogStore },
  { workstream_id, sequence }: IdempotentRequest,
): Promise<Message> {
  const page = await rows.messages({
    workstreamId: workstream_id,
    after: sequence - 1,
    limit: 1,
    includePromoted: true,
  })
  const [position] = page.items
  if (position?.sequence !== sequence) throw gone(workstream_id)
  if (position.promotion_id !== null) {
    const promotion = await rows.promotion(workstream_id, position.promotion_id)
    const moved = promotion && (await rows.message(promotion.target_id, position.id))
    if (promotion !== undefined && moved !== undefined)
      return only(await readMessages(log, promotion.target_id, [moved]), workstream_id)
  }
  return only(await readMessages(log, workstream_id, [position]), workstream_id)
}

/** The workstream as it was when a repeated request made it. */
export async function firstWorkstream(log: LogStore, request: IdempotentRequest): Promise<Workstream> {
  const record = await readRecord(log, request.workstream_id, request.log, request.sequence)
  if (record?.type !== 'workstream_created') throw gone(request.workstream_id)
  return createdWorkstream(request.workstream_id, record)
}

/** One record by its sequence, for the two logs that are small. */
export async function readRecord(
  log: LogStore,
  workstreamId: WorkstreamId,
  name: LogName,
  sequence: number,
): Promise<LogRecord | undefined> {
  let at = 0
  for await (const lines of log.read(workstreamId, name, 0))
    for (const line of lines) {
      if (++at < sequence) continue
      const decoded = decodeLine(name, Buffer.from(line.bytes).toString('utf8'))
      return decoded.kind === 'record' ? decoded.record : undefined
    }
  return undefined
}

function only(messages: readonly Message[], workstreamId: WorkstreamId): Message {
  const [message] = messages
  if (message === undefined) throw gone(workstreamId)
  return message
}

function gone(workstreamId: WorkstreamId): WorkstreamError<'INTERNAL'> {
  const problem = 'the record of a repeated request cannot be read'
  return new WorkstreamError('INTERNAL', `${problem} in ${workstreamId}`, { problem })
}
