/**
 * Said by who asks the same question again and again. What is the same as last time is not made anew: `last` itself is
 * given back then, so nobody may have changed it.
 */
export interface Again<Answer> {
  /** What this manager answered to the same question, if it did: another one's, or another question's, is made anew. */
  readonly last: Answer | undefined
}
