/** One step of a random program: the product is asked, the model is asked, and both must say the same. */
import { WorkstreamError } from '@arawn/core/error'
import type { RestoredLine } from '@arawn/core/log-store'
import type { LocalWorkstreamManager } from '@arawn/manager/create-workstream-manager'
import fc from 'fast-check'
import { expect } from 'vitest'
import type { DataDir } from '../open-manager.js'
import type { OwnWords } from './model-sessions.js'
import { type ModelWorkstream, Refusal, type World } from './model-world.js'

export interface Handle {
  manager: LocalWorkstreamManager
  /** What it said last. */
  own: OwnWords
}

/** A native export, and what the model says of it. */
export interface Exported {
  readonly lines: readonly RestoredLine[]
  readonly workstream: ModelWorkstream
}

export interface Scene {
  readonly dir: DataDir
  readonly world: World
  readonly handles: readonly Handle[]
  readonly exports: Exported[]
  /** What was asked so far, for whoever has to read it when it fails. */
  readonly story: string[]
  /** Requests with a key: asks one of them again. */
  readonly keyed: ((handle: number) => Promise<void>)[]
  /** Cursors of events that somebody was told, and their places in the model. */
  readonly cursors: { readonly cursor: string | number; readonly place: number }[]
  open(): Promise<LocalWorkstreamManager>
}

export interface Operation<Input, Answer> {
  readonly name: string
  /** What is asked for, where that depends on what is there. */
  readonly input: (scene: Scene) => Input
  readonly ask: (handle: Handle, input: Input, scene: Scene) => Promise<Answer>
  /**
   * What the model answers, or the `Refusal` that it throws.
   *
   * @param answer of the product: of this the model takes only what nobody can foretell, such as new ids
   */
  readonly expected: (scene: Scene, input: Input, answer: Answer | undefined, handle: Handle) => unknown
  /** What of the answer is compared. */
  readonly seen?: (answer: Answer) => unknown
  /** When not, the step is left out. */
  readonly check?: (scene: Scene) => boolean
}

export class Step<Input, Answer> implements fc.AsyncCommand<Scene, Scene> {
  constructor(
    private readonly operation: Operation<Input, Answer>,
    private readonly handle: number,
  ) {}

  check(scene: Readonly<Scene>): boolean {
    return this.operation.check?.(scene) ?? true
  }

  async run(scene: Scene): Promise<void> {
    const { operation } = this
    const input = operation.input(scene)
    const take = (nth: number, name: string) => perform(scene, { operation, input, nth, name })
    await take(this.handle, operation.name)
    if (JSON.stringify(input)?.includes('"idempotency_key"'))
      scene.keyed.push((nth) => take(nth, `once more ${operation.name}`))
  }

  toString(): string {
    return `handle ${this.handle}: ${this.operation.name}`
  }
}

async function perform<Input, Answer>(
  scene: Scene,
  asked: { operation: Operation<Input, Answer>; input: Input; nth: number; name: string },
): Promise<void> {
  const { operation, input, nth, name } = asked
  const handle = scene.handles[nth]
  if (handle === undefined) throw new Error('no such handle')
  scene.story.push(`handle ${nth}: ${name}(${input === undefined ? '' : JSON.stringify(input)})`)
  let raw: Answer | undefined
  const answer = await outcome(async () => {
    raw = await operation.ask(handle, input, scene)
    return operation.seen === undefined ? raw : operation.seen(raw)
  })
  const expected = await outcome(async () => operation.expected(scene, input, raw, handle))
  if ('refused' in expected) expect(answer).toMatchObject(expected)
  else expect(answer).toEqual(expected)
}

/** A request with a key is repeated exactly as it was, by any of the handles. */
export class Repeat implements fc.AsyncCommand<Scene, Scene> {
  constructor(
    private readonly nth: number,
    private readonly handle: number,
  ) {}

  check({ keyed }: Readonly<Scene>): boolean {
    return keyed.length > 0
  }

  async run({ keyed }: Scene): Promise<void> {
    await pick(keyed.toReversed(), this.nth)?.(this.handle)
  }

  toString(): string {
    return `handle ${this.handle}: repeats a request`
  }
}

export const repeatStep = fc.tuple(fc.nat(4), fc.nat(2)).map(([nth, handle]) => new Repeat(nth, handle))

/** Any of the handles takes the step. */
export function steps<Choice, Input, Answer>(
  choice: fc.Arbitrary<Choice>,
  operation: (choice: Choice) => Operation<Input, Answer>,
): fc.Arbitrary<Step<Input, Answer>> {
  return fc.tuple(choice, fc.nat(2)).map(([chosen, handle]) => new Step(operation(chosen), handle))
}

async function outcome(work: () => Promise<unknown>): Promise<{ answer: unknown } | { refused: object }> {
  try {
    return { answer: comparable(await work()) }
  } catch (error) {
    if (error instanceof WorkstreamError || error instanceof Refusal)
      return { refused: { code: error.code, details: error.details } }
    throw error
  }
}

const notForetold = new Set(['v', 'stamp', 'request_hash', 'bytes'])

/** Without what the model does not know, and without fields that are undefined. */
export function comparable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(comparable)
  if (typeof value !== 'object' || value === null) return value
  const known = Object.entries(value).filter(([name, field]) => !notForetold.has(name) && field !== undefined)
  return Object.fromEntries(known.map(([name, field]) => [name, comparable(field)]))
}

/** The n-th of a list, as if it went on from the beginning; undefined when there is none. */
export function pick<Item>(list: readonly Item[], n: number): Item | undefined {
  return list[n % Math.max(1, list.length)]
}
