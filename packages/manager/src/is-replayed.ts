import { replays } from './idempotency/replays.js'

/**
 * Whether an answer of the manager tells what an earlier request with the same `idempotency_key` did: nothing was done
 * for this one. It goes by the object that was given, not by what it says.
 */
export function isReplayed(answer: object): boolean {
  return replays.has(answer)
}
