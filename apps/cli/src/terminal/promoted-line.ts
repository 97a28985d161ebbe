import type { PromotionReport } from '@arawn/core/message-operations'
import { counted } from './counted.js'
import { printableLine } from './printable.js'
import { titleOf } from './title-of.js'

/** What a talk says when it was moved: `moved 4 messages to "Bridges" (ws_…)`. */
export function promotedLine({ workstream, messages }: Pick<PromotionReport, 'workstream' | 'messages'>): string {
  return printableLine(`moved ${counted(messages, 'message')} to "${titleOf(workstream)}" (${workstream.id})`)
}
