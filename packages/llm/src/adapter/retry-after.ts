/** How long a provider asks to wait; null when it does not say. `retry-after` is seconds or a date (RFC 9110, 10.2.3). */
export function retryAfterMs(headers: Readonly<Record<string, string>> | undefined, nowMs = Date.now()): number | null {
  // OpenAI's, finer than the standard one.
  const fine = numberIn(headers?.['retry-after-ms'])
  if (fine !== null) return fine
  const text = headers?.['retry-after']
  const seconds = numberIn(text)
  if (seconds !== null) return seconds * 1000
  const date = Date.parse(text ?? '')
  return Number.isNaN(date) ? null : Math.max(0, date - nowMs)
}

function numberIn(text: string | undefined): number | null {
  return text !== undefined && /^\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : null
}
