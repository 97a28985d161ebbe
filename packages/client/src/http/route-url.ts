import { API_PREFIX } from '@arawn/core/protocol'

type Values = Readonly<Record<string, unknown>>

// A server takes heads of 16 KiB, proxies often of 8.
const LONGEST = 4_000

/** Whether this is better sent in a body. */
export function isLong(query: Values): boolean {
  return searchOf(query).length > LONGEST
}

/** The address of a route, with what was given for its parameters. What is undefined is left out. */
export function routeUrl(base: string, path: string, params: Values = {}, query: Values = {}): string {
  const filled = path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(params[name] ?? '')))
  const asked = searchOf(query)
  return `${base}${API_PREFIX}${filled}${asked === '' ? '' : `?${asked}`}`
}

function searchOf(query: Values): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value))
  return search.toString()
}
