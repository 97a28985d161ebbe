import type { TurnStatus } from '@arawn/core/turn'
import { printableLine } from './printable.js'

/** What a turn and the record of its end have in common. */
interface TurnEnding {
  readonly status: TurnStatus
  readonly error?: string | null | undefined
  readonly error_message?: string | null | undefined
}

/** Why a turn that is over has no whole answer, in a line. */
export function turnFailure({ status, error, error_message }: TurnEnding): string {
  if (status === 'cancelled') return 'the answer was stopped'
  if (status === 'interrupted') return 'the answer was cut off: its process ended'
  return printableLine(['the answer failed', error ?? [], error_message ?? []].flat().join(': '))
}
