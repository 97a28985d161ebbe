export interface FileValue {
  readonly value: unknown
  /** null when it was not found. */
  readonly line: number | null
}
