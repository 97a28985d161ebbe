/** What a provider says of an error, in whichever format. */
export interface ProviderWords {
  readonly message: string
  readonly type: string | null
  readonly code: string | null
  /** Whether it was said in JSON, so by the provider itself and not by something in between. */
  readonly isJson: boolean
  /** The status that it would have had as an answer of its own; null when that is not known. */
  readonly status: number | null
}

// Errors inside of a stream come without a status.
const statusOfType: Readonly<Record<string, number>> = {
  invalid_request_error: 400,
  authentication_error: 401,
  billing_error: 402,
  permission_error: 403,
  not_found_error: 404,
  request_too_large: 413,
  rate_limit_error: 429,
  rate_limit_exceeded: 429,
  api_error: 500,
  server_error: 500,
  timeout_error: 504,
  overloaded_error: 529,
}

export function wordsOfBody(body: string | undefined, message: string): ProviderWords {
  try {
    const value: unknown = JSON.parse(body ?? '')
    return wordsOfValue(value) ?? { ...unknownWords(message), isJson: isTable(value) && 'error' in value }
  } catch {
    return unknownWords(message)
  }
}

/** Reads `{ error: { message, type, code } }`, the inner part alone, and `{ error: "…" }`; null for anything else. */
export function wordsOfValue(value: unknown): ProviderWords | null {
  if (!isTable(value) || value instanceof Error) return null
  const inner = isTable(value.error) ? value.error : value
  const message = textOf(inner.message) ?? textOf(value.error) ?? textOf(value.message)
  if (message === null) return null
  const type = textOf(inner.type)
  const code = textOf(inner.code)
  const status = typeof inner.code === 'number' ? inner.code : (statusOfType[code ?? ''] ?? statusOfType[type ?? ''])
  return { message: message.replace(/\s+/g, ' ').trim(), type, code, isJson: true, status: status ?? null }
}

function unknownWords(message: string): ProviderWords {
  return { message: message.replace(/\s+/g, ' ').trim(), type: null, code: null, isJson: false, status: null }
}

function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}
