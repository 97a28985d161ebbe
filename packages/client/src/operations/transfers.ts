import { hasCode, WorkstreamError } from '@arawn/core/error'
import type { ImportConversationInput, ImportReport, TransferOperations } from '@arawn/core/transfer-operations'
import { camelKeys } from '@arawn/core/wire-case'
import type { Calls } from '../http/calls.js'
import { readBytes, readText } from '../streams/read-body.js'
import { uploadOf } from '../streams/upload-of.js'
import { firstPiece } from './first-piece.js'

// Well below what a server takes by default; one that takes less says so.
const PIECE_BYTES = 4_000_000

export function transferOperations({ call, open, upload }: Calls): TransferOperations {
  async function send(
    { idempotency_key: key, source, title, into }: ImportConversationInput,
    messages: ImportConversationInput['messages'],
    n: number,
  ): Promise<ImportReport> {
    const idempotencyKey = key === undefined || n === 0 ? key : `${key}.${n}`
    const body = { source, title, into, messages: [...messages] }
    return camelKeys(await call('importConversation', { body }, { idempotencyKey, timeoutMs: null }))
  }

  return {
    importConversation: async (input) => {
      let report: ImportReport | undefined
      let limit = PIECE_BYTES
      let rest = input.messages
      // The same source again adds only what is new, so it can be told in pieces, and a piece twice.
      for (let n = 0; report === undefined || rest.length > 0; ) {
        const piece = firstPiece(rest, limit)
        try {
          const done = await send(input, piece, n++)
          report = report === undefined ? done : together(report, done)
          rest = rest.slice(piece.length)
        } catch (error) {
          if (!hasCode(error, 'BODY_TOO_LARGE') || piece.length <= 1) throw error
          n--
          limit = Math.min(error.details.limitBytes, limit) / 2
        }
      }
      return report
    },
    exportText: async (ref, format) =>
      readText(
        await open('exportWorkstream', { params: { ref }, query: { format } }, { accept: '*/*', timeoutMs: null }),
      ),
    exportNative: async (ref) => {
      const asked = { params: { ref }, query: { format: 'native' as const } }
      return readBytes(await open('exportWorkstream', asked, { accept: '*/*', timeoutMs: null }))
    },
    importNative: async ({ bytes, name }) => {
      try {
        return await upload('importNative', await uploadOf(bytes()))
      } catch (error) {
        if (name === undefined || !hasCode(error, 'IMPORT_UNREADABLE')) throw error
        const { problem, isEmpty } = error.details
        throw new WorkstreamError('IMPORT_UNREADABLE', `${name}: ${problem}`, { file: name, problem, isEmpty })
      }
    },
  }
}

function together(first: ImportReport, then: ImportReport): ImportReport {
  return {
    workstream: then.workstream,
    created: first.created,
    added: first.added + then.added,
    alreadyThere: first.alreadyThere + then.alreadyThere,
    sessions: first.sessions + then.sessions,
  }
}
