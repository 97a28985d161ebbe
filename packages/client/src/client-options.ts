/** How a client reaches its server. */
export interface ClientOptions {
  /** Where the server is, such as `http://127.0.0.1:8080`; a path in it is kept. */
  readonly url: string
  /** Sent as `Authorization: Bearer`. A function is asked before each request. */
  readonly token?: string | (() => string | undefined) | undefined
  /** By default that of the platform. */
  readonly fetch?: typeof fetch | undefined
  /** How long a request may take until its answer begins, milliseconds; 30,000 by default. Work that takes its time has none. */
  readonly timeoutMs?: number | undefined
  /** How often a request that may be repeated is sent again; 4 by default. */
  readonly retries?: number | undefined
  /** How long a turn that is listened to may be out of reach before its readers are told, milliseconds; 60,000 by default. */
  readonly patienceMs?: number | undefined
}
