/** What JSON can say. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }

/**
 * How deep what somebody gives may be nested. Files of real tools stay below 30 levels. JSON.parse takes any depth, but
 * checking and writing take several stack frames a level: a deeper value would end every call that comes across it.
 */
export const MAX_GIVEN_DEPTH = 400

/** Whether no more than so many lists and objects lie within each other. */
export function fitsDepth(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true
  return levels > 0 && Object.values(value).every((inner) => fitsDepth(inner, levels - 1))
}
