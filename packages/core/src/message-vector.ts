import type { WorkstreamId } from './id.js'
import type { MessagePosition } from './workstream-index.js'

/** What an embedder made of a message, as it is kept. */
export interface MessageVector {
  readonly sequence: number
  /** Bytes that only those read who wrote them. */
  readonly vector: Uint8Array
}

export interface VectorQuery {
  readonly workstreamId: WorkstreamId
  /** Of the embedder, as `profile/model`. */
  readonly model: string
  /** Only sequences above and below. */
  readonly after: number
  readonly before: number
  readonly limit: number
}

/** Messages of a workstream that have no vectors yet: those behind `embedded`, up to `applied`. */
export interface VectorGap {
  readonly workstreamId: WorkstreamId
  readonly embedded: number
  readonly applied: number
}

/** Vectors of messages behind `embedded` up to `upTo`; those between that have none need none. */
export interface VectorAddition {
  readonly workstreamId: WorkstreamId
  readonly model: string
  readonly embedded: number
  readonly upTo: number
  readonly rows: readonly {
    readonly position: MessagePosition
    /** Of the text that it was made of. */
    readonly hash: string
    readonly vector: Uint8Array
  }[]
}
