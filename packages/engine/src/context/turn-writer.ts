import type { ContextChange } from '@arawn/core/assembled-context'
import type { CountText, SizedMessage } from '../context.js'
import { labels, unlabelled } from './labels.js'
import type { MessageView, ShowMessage } from './message-view.js'
import { PIECE_TOKENS } from './overhead.js'
import { toolNameOf } from './tool-name.js'

/** What becomes one message of a model, or two: calls and their results. */
export type Block = UserBlock | AssistantBlock

export interface UserBlock {
  readonly kind: 'user'
  readonly pieces: string[]
}

export interface AssistantBlock {
  readonly kind: 'assistant'
  readonly texts: string[]
  readonly calls: PlacedCall[]
}

export interface PlacedCall {
  readonly sequence: number
  readonly name: string
  readonly call: MessageView
  readonly result: { readonly view: MessageView; readonly isError: boolean } | undefined
}

export interface TurnBlocks {
  readonly blocks: readonly Block[]
  /** Of all that stands in the blocks. */
  readonly tokens: number
  readonly changes: readonly ContextChange[]
}

/** Puts what is said into blocks, and keeps count. Neighbours on one side share a block. */
export class TurnWriter {
  readonly #show: ShowMessage
  readonly #count: CountText
  readonly #blocks: Block[] = []
  readonly #changes: ContextChange[] = []
  readonly #answered = new Set<Block>()
  readonly #blockOfResult = new Map<SizedMessage, Block>()
  #tokens = 0
  // Who speaks is clear in a block of its own, and after a date line; not after somebody else's words.
  #needsLabel = false

  constructor(show: ShowMessage, count: CountText) {
    this.#show = show
    this.#count = count
  }

  /** @param text counted by the caller */
  echoes(text: string): void {
    this.#userBlock().pieces.push(text)
    this.#needsLabel = true
  }

  dateLine(label: string): void {
    this.#userBlock().pieces.push(this.#line(label))
  }

  /** @param needsLabel also where it would be clear who speaks */
  user(message: SizedMessage, label: string, needsLabel: boolean): void {
    const { pieces } = this.#userBlock()
    const words = this.#words(message)
    pieces.push(needsLabel || this.#needsLabel ? `${this.#line(label)}\n${words}` : words)
    this.#needsLabel = true
  }

  /** What somebody else said, to the model. */
  labelled(message: SizedMessage, label: string): void {
    this.user(message, label, true)
  }

  assistant(message: SizedMessage): void {
    const { sequence, tokens } = message
    if (isBlank(message))
      this.#changes.push({ sequence, change: 'left out', why: 'it is empty', tokensBefore: tokens, tokensAfter: 0 })
    else this.#assistantBlock().texts.push(this.#content(message))
  }

  call(message: SizedMessage, result: SizedMessage | undefined): void {
    const name = toolNameOf(message)
    const block = this.#assistantBlock()
    const call = this.#view(message, name)
    const placed = result && { view: this.#view(result, name), isError: result.metadata?.is_error === true }
    this.#tokens += call.tokens + (placed?.view.tokens ?? 0)
    block.calls.push({ sequence: message.sequence, name, call, result: placed })
    if (result !== undefined) this.#blockOfResult.set(result, block)
  }

  /** Here the log has a result: what the assistant says from now on, it says knowing it. */
  answered(result: SizedMessage): void {
    const block = this.#blockOfResult.get(result)
    if (block !== undefined) this.#answered.add(block)
  }

  written(): TurnBlocks {
    return { blocks: this.#blocks, tokens: this.#tokens, changes: this.#changes }
  }

  #userBlock(): UserBlock {
    const last = this.#blocks.at(-1)
    if (last?.kind === 'user') return last
    const block: UserBlock = { kind: 'user', pieces: [] }
    this.#blocks.push(block)
    this.#needsLabel = false
    return block
  }

  #assistantBlock(): AssistantBlock {
    const last = this.#blocks.at(-1)
    if (last?.kind === 'assistant' && !this.#answered.has(last)) return last
    const block: AssistantBlock = { kind: 'assistant', texts: [], calls: [] }
    this.#blocks.push(block)
    return block
  }

  #view(message: SizedMessage, tool: string): MessageView {
    const view = this.#show(message, tool)
    if (view.change !== undefined) this.#changes.push(view.change)
    return view
  }

  #words(message: SizedMessage): string {
    return isBlank(message) ? this.#line(labels.empty) : this.#content(message)
  }

  /** Content among labels. */
  #content(message: SizedMessage): string {
    const { text, tokens } = this.#view(message, toolNameOf(message))
    const safe = unlabelled(text)
    this.#tokens += PIECE_TOKENS + (safe === text ? tokens : this.#count(safe))
    return safe
  }

  #line(text: string): string {
    this.#tokens += PIECE_TOKENS + this.#count(text)
    return text
  }
}

function isBlank({ content }: SizedMessage): boolean {
  return content.trim() === ''
}
