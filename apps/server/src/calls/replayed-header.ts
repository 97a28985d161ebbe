import { isReplayed } from '@arawn/manager/is-replayed'

/** Tells a client that nothing was done: the answer is that of an earlier request with the same key. */
export function replayedHeader(answer: object): Record<string, string> {
  return isReplayed(answer) ? { 'idempotent-replayed': 'true' } : {}
}
