/** The system's or the HTTP client's name of what went wrong with a connection; null when it was something else. */
export function networkErrno(error: unknown): string | null {
  for (let at = error, depth = 0; typeof at === 'object' && at !== null && depth < 8; depth++) {
    if (at instanceof AggregateError && at.errors.length > 0) {
      at = at.errors[0]
      continue
    }
    const { code, cause } = at as { code?: unknown; cause?: unknown }
    if (
      typeof code === 'string' &&
      /^(E[A-Z]{2,}|UND_ERR_\w+|CERT_\w+|ERR_TLS_\w+|\w*SELF_SIGNED\w*|UNABLE_TO_\w+)$/.test(code)
    )
      return code
    // What undici throws when a body ends in the middle, in the versions that give no code.
    if (at instanceof TypeError && cause === undefined && ['terminated', 'fetch failed'].includes(at.message))
      return 'UNKNOWN'
    at = cause
  }
  return null
}
