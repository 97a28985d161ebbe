/**
 * Turns text into the tokens that a search compares: of what is stored and of what is asked, in the same way.
 *
 * Pure and total: the same text always gives the same tokens, and any text gives some or none.
 */
export interface TextAnalyzer {
  /** Another number than before: some text gives other tokens, so what was stored is made anew. From 1. */
  readonly version: number
  tokensOf(text: string): TextTokens
  /**
   * How one word, path, or passage in quotes is looked for.
   *
   * @param prefix the last word may go on
   * @returns undefined when nothing in it can be found
   */
  termOf(text: string, options: { readonly prefix: boolean }): SearchTerm | undefined
  /** Every token of a text with its place, in order. */
  placesOf(text: string): TokenPlace[]
}

/** Tokens as they are stored: separated by single spaces, never with a space inside. */
export interface TextTokens {
  /** In the order of the text, one place each, so that phrases can be found. */
  readonly words: string
  /** How many these are. */
  readonly wordCount: number
  /** What else finds the text, without order or repetition. */
  readonly parts: string
}

/** One thing that a message has to say. */
export interface SearchTerm {
  /** Next to each other, in this order, among the `words` of a text; a single one also among its `parts`. */
  readonly words: readonly string[]
  /** Or this, anywhere: the same written as one word. */
  readonly whole?: string | undefined
  /** The last word, and `whole`, may go on. */
  readonly prefix: boolean
  /** Or one of these, anywhere: what a prefix became where it is longer than what is stored. */
  readonly also?: readonly string[] | undefined
}

/** Where a token stands in a text: UTF-16 offsets. */
export interface TokenPlace {
  readonly from: number
  readonly to: number
  /** Its token in `words`, the next one in order; undefined for what stands in `parts` only. */
  readonly word?: string | undefined
  /** What else is found here: its tokens in `parts`, and how it is written, folded. */
  readonly forms: readonly string[]
}
