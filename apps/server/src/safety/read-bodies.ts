import { isUtf8 } from 'node:buffer'
import { WorkstreamError } from '@arawn/core/error'
import { fitsDepth, MAX_GIVEN_DEPTH } from '@arawn/core/json'
import type { FastifyInstance } from 'fastify'

// An import has metadata in messages, in a list, in a source; what is too deep in itself is told by its field.
const MAX_BODY_DEPTH = MAX_GIVEN_DEPTH + 16

/** Takes JSON and nothing else, and refuses what could not be kept as it was sent: it is never changed in silence. */
export function readBodies(app: FastifyInstance): void {
  const parseJson = app.getDefaultJsonParser('error', 'error')
  app.removeAllContentTypeParsers()
  app.addContentTypeParser<Buffer>('application/json', { parseAs: 'buffer' }, (request, bytes, done) => {
    if (!isUtf8(bytes)) return done(unreadable('the body is not UTF-8'))
    return parseJson(request, bytes.toString(), (error, value) => {
      if (error === null && !fitsDepth(value, MAX_BODY_DEPTH)) return done(unreadable('the body is nested too deep'))
      return done(error, value)
    })
  })
}

function unreadable(problem: string): WorkstreamError<'REQUEST_UNREADABLE'> {
  return new WorkstreamError('REQUEST_UNREADABLE', problem, { problem })
}
