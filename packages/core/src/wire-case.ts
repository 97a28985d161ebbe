/**
 * Reports are camelCase in code and snake_case on the wire. Records are the same in both and pass by here untouched: only
 * the keys of the object itself are renamed, never those of what is in it.
 */

type Snake<Key extends string> = Key extends `${infer First}${infer Rest}`
  ? First extends Lowercase<First>
    ? `${First}${Snake<Rest>}`
    : `_${Lowercase<First>}${Snake<Rest>}`
  : Key

type Camel<Key extends string> = Key extends `${infer First}_${infer Rest}` ? `${First}${Capitalize<Camel<Rest>>}` : Key

export type SnakeKeys<Report> = { [Key in keyof Report as Key extends string ? Snake<Key> : never]: Report[Key] }
export type CamelKeys<Answer> = { [Key in keyof Answer as Key extends string ? Camel<Key> : never]: Answer[Key] }

export function snakeKeys<Report extends object>(report: Report): SnakeKeys<Report> {
  return renamed(report, (key) => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)) as SnakeKeys<Report>
}

export function camelKeys<Answer extends object>(answer: Answer): CamelKeys<Answer> {
  return renamed(answer, (key) => key.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase())) as CamelKeys<Answer>
}

/** In the order in which they were. */
function renamed(from: object, name: (key: string) => string): object {
  return Object.fromEntries(Object.entries(from).map(([key, value]) => [name(key), value]))
}
