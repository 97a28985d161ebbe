import { createHash, timingSafeEqual } from 'node:crypto'
import { WorkstreamError } from '@arawn/core/error'
import { TOKEN_PROTOCOL_PREFIX } from '@arawn/core/socket-message'

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

export interface Guard {
  /** @throws ORIGIN_REFUSED | UNAUTHORIZED */
  check(request: GuardedRequest): void
  /**
   * Whether it was said who opens a socket, by a header or a subprotocol; a first message may still say it. Any page
   * can open one and read what comes, so its origin is looked at.
   *
   * @throws ORIGIN_REFUSED | UNAUTHORIZED the token that was given is another one
   */
  checkSocket(request: Omit<GuardedRequest, 'method'> & { readonly protocols: readonly string[] }): boolean
  /** Whether this is the token; any is, when nobody is asked for one. */
  isToken(given: string): boolean
}

/**
 * Decides who may ask.
 *
 * - A page that a name was rebound for names its own host, which is not ours.
 * - A page of another origin may read nothing (CORS), but could write; a browser says where it comes from.
 * - A token is compared in the same time whatever it is.
 */
export function createGuard({ token, host, allowedHosts, allowedOrigins }: GuardSettings): Guard {
  const hosts = new Set([...LOOPBACK_NAMES, host, ...allowedHosts].map((name) => name.toLowerCase()))
  // Whoever listens everywhere has many names; the token keeps strange pages out.
  const anyHost = token !== null && allowedHosts.length === 0
  const origins = new Set(allowedOrigins)
  const expected = token === null ? undefined : digest(token)

  const isToken = (given: string) => expected === undefined || timingSafeEqual(digest(given), expected)

  function checkAddress({ host: named = '', origin }: Pick<GuardedRequest, 'host' | 'origin'>, isSafe: boolean): void {
    if (!anyHost && !hosts.has(hostName(named))) throw refused('Host', named)
    if (!isSafe && origin !== undefined && !origins.has(origin) && originHost(origin) !== named.toLowerCase())
      throw refused('Origin', origin)
  }

  return {
    check({ method, authorization, ...address }) {
      checkAddress(address, method === 'GET' || method === 'HEAD' || method === 'OPTIONS')
      if (expected === undefined || method === 'OPTIONS') return
      const given = bearerOf(authorization)
      if (given === undefined || !isToken(given)) throw unauthorized()
    },
    checkSocket({ authorization, protocols, ...address }) {
      checkAddress(address, false)
      if (expected === undefined) return true
      const protocol = protocols.find((name) => name.startsWith(TOKEN_PROTOCOL_PREFIX))
      const given =
        authorization === undefined ? protocol?.slice(TOKEN_PROTOCOL_PREFIX.length) : bearerOf(authorization)
      if (given === undefined && authorization === undefined) return false
      if (given === undefined || !isToken(given)) throw unauthorized()
      return true
    },
    isToken,
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

function bearerOf(authorization = ''): string | undefined {
  const [scheme = '', given = ''] = authorization.split(/ +(.*)/s)
  return scheme.toLowerCase() === 'bearer' ? given : undefined
}

function unauthorized(): WorkstreamError<'UNAUTHORIZED'> {
  return new WorkstreamError('UNAUTHORIZED', 'this server wants a token', { scheme: 'Bearer' })
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
