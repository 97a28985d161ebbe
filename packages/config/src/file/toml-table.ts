export type TomlTable = Readonly<Record<string, unknown>>

/** Dates are objects too, and values. */
export function isTomlTable(value: unknown): value is TomlTable {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date)
}
