import type { Screen, World } from '../world.js'

export interface Colours {
  dim(text: string): string
  bold(text: string): string
  red(text: string): string
  cyan(text: string): string
}

/** Colours only on a terminal, unless `NO_COLOR`, `FORCE_COLOR` or `--no-color` say otherwise (no-color.org). */
export function coloursFor(screen: Screen, { env }: Pick<World, 'env'>, wanted: boolean): Colours {
  const forced = env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '' && env.FORCE_COLOR !== '0'
  const refused = !wanted || (env.NO_COLOR !== undefined && env.NO_COLOR !== '') || env.TERM === 'dumb'
  const on = !refused && (forced || screen.isTerminal)
  const paint = (code: number) => (text: string) => (on ? `\u001b[${code}m${text}\u001b[0m` : text)
  return { dim: paint(2), bold: paint(1), red: paint(31), cyan: paint(36) }
}
