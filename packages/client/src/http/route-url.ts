import { API_PREFIX } from '@arawn/core/protocol'

type Values = Readonly<Record<string, unknown>>

/** The address of a route, with what was given for its parameters. What is undefined is left out. */
export function routeUrl(base: string, path: string, params: Values = {}, query: Values = {}): string {
  const filled = path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(params[name] ?? '')))
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value))
  const asked = search.toString()
  return `${base}${API_PREFIX}${filled}${asked === '' ? '' : `?${asked}`}`
}
