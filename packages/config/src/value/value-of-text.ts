import type { ValueFacts } from '../setting.js'

/** What a text stands for: the schema says whether it is a number or a truth value. The text itself when nothing fits. */
export function valueOfText({ schema }: ValueFacts, text: string): string | number | boolean {
  return readings(text).find((reading) => schema.safeParse(reading).success) ?? text
}

function readings(text: string): (string | number | boolean)[] {
  if (text === 'true' || text === 'false') return [text, text === 'true']
  return /^-?\d+(\.\d+)?$/.test(text) ? [text, Number(text)] : [text]
}
