import { createHash, timingSafeEqual } from 'node:crypto'
import { WorkstreamError } from '@arawn/core/error'

export interface GuardSettings {
  /** null: nobody is asked for one. */
  readonly token: string | null
  /** Where the server listens. */
  readonly host: string
  readonly allowedHosts: readonly string[]
  readonly allowedOrigins: readonly string[]
}

/** What is looked at before a request is read. */
export interface GuardedRequest {
  readonly method: string
  readonly authorization: string | undefined
  readonly host: string | undefined
  readonly origin: string | undefined
}

/**
 * Decides who may ask.
 *
 * - A page that a name was rebound for names its own host, which is not ours.
 * - A page of another origin may read nothing (CORS), but could write; a browser says where it comes from.
 * - A token is compared in the same time whatever it is.
 *
 * @throws ORIGIN_REFUSED | UNAUTHORIZED
 */
export function createGuard({ token, host, allowedHosts, allowedOrigins }: GuardSettings): {
  check(request: GuardedRequest): void
} {
  const hosts = new Set([...LOOPBACK_NAMES, host, ...allowedHosts].map((name) => name.toLowerCase()))
  // Whoever listens everywhere has many names; the token keeps strange pages out.
  const anyHost = token !== null && allowedHosts.length === 0
  const origins = new Set(allowedOrigins)
  const expected = token === null ? undefined : digest(token)

  return {
    check({ method, authorization, host: named = '', origin }) {
      if (!anyHost && !hosts.has(hostName(named))) throw refused('Host', named)
      const isSafe = method === 'GET' || method === 'HEAD' || method === 'OPTIONS'
      if (!isSafe && origin !== undefined && !origins.has(origin) && originHost(origin) !== named.toLowerCase())
        throw refused('Origin', origin)
      if (expected === undefined || method === 'OPTIONS') return
      const [scheme = '', given = ''] = (authorization ?? '').split(/ +(.*)/s)
      if (scheme.toLowerCase() === 'bearer' && timingSafeEqual(digest(given), expected)) return
      throw new WorkstreamError('UNAUTHORIZED', 'this server wants a token', { scheme: 'Bearer' })
    },
  }
}

export function isLoopback(host: string): boolean {
  return LOOPBACK_NAMES.includes(host.toLowerCase()) || /^127(\.\d{1,3}){3}$/.test(host) || host === '::1'
}

const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]']

/** Of the same length whatever is hashed. */
function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}

/** Without the port. */
function hostName(header: string): string {
  return header.toLowerCase().replace(/:\d+$/, '')
}

function originHost(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined
}

function refused(header: string, value: string): WorkstreamError<'ORIGIN_REFUSED'> {
  const shown = value.slice(0, 200)
  return new WorkstreamError('ORIGIN_REFUSED', `the server does not answer to this ${header}`, { header, value: shown })
}
