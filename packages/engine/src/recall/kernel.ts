/**
 * What something in a message counts for those around it: three before it, two, one, for itself, and so on; in twentieths,
 * so that what all messages have of a word fits into a byte each.
 */
export const KERNEL: readonly number[] = [2, 6, 11, 20, 11, 6, 2]
export const ONE = 20
export const RADIUS = 3
