/** What steps name: workstreams, sessions and messages that are there, and some that are not. */
import fc from 'fast-check'
import type { ModelWorkstream } from './model-world.js'
import { pick, type Scene } from './step.js'

const titles = ['Rust', 'rust', 'Ärger', 'ÄRGER', 'a'] as const

export const title = fc.option(fc.constantFrom(...titles), { nil: null, freq: 4 })
export const tags = fc.uniqueArray(fc.constantFrom('x', 'y', 'z'), { maxLength: 2 })
export const text = fc.oneof(
  { weight: 15, arbitrary: fc.constantFrom('hello', 'ä 🦆', '"quoted"\nlines') },
  { weight: 1, arbitrary: fc.constant(' ') },
)
/** Few, so that they are used again, for the same and for other requests. */
export const key = fc.option(fc.constantFrom('k1', 'k2', 'k3'), { nil: undefined, freq: 2 })

/** A text, or the n-th workstream that there is. */
export type Reference = string | number

export const reference: fc.Arbitrary<Reference> = fc.oneof(
  { weight: 12, arbitrary: fc.nat(5) },
  { weight: 3, arbitrary: fc.constantFrom('a', 'b') },
  { weight: 2, arbitrary: fc.constant('scratch') },
  { weight: 2, arbitrary: fc.constantFrom(...titles, 'nobody') },
)

export function idOf({ world }: Scene, wanted: Reference): string {
  if (typeof wanted === 'string') return wanted
  return pick([...world.workstreams.keys()], wanted) ?? 'scratch'
}

function byReference({ world }: Scene, id: string): ModelWorkstream | undefined {
  return world.workstreams.get(id)
}

/** A sequence, or the id of a message. */
export function messageOf(scene: Scene, workstreamId: string, n: number, byId: boolean): number | string {
  if (!byId) return n
  return pick(byReference(scene, workstreamId)?.messages ?? [], n)?.said.id ?? 'nobody'
}

export function sessionOf(scene: Scene, workstreamId: string, n: number): string {
  return pick(byReference(scene, workstreamId)?.sessions ?? [], n)?.id ?? 'nobody'
}
