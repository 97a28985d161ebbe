import { WorkstreamError } from '@arawn/core/error'
import { API_PREFIX, routes } from '@arawn/core/protocol'
import type { FastifyInstance } from 'fastify'

/** Workstreams are switched off: of the routes of this version only those are left that keep nothing. */
export function refuseWorkstreams(app: FastifyInstance): void {
  const left = new Set([routes.chat, routes.listModels].map(({ path }) => `${API_PREFIX}${path}`))
  app.addHook('onRequest', async ({ routeOptions: { url = '' } }) => {
    const needsThem = url === '/mcp' || (url.startsWith(`${API_PREFIX}/`) && !left.has(url))
    if (needsThem) throw workstreamsDisabled()
  })
}

export function workstreamsDisabled(): WorkstreamError<'WORKSTREAMS_DISABLED'> {
  const message = 'workstreams are switched off by the setting workstreams.enabled'
  return new WorkstreamError('WORKSTREAMS_DISABLED', message, { setting: 'workstreams.enabled' })
}
