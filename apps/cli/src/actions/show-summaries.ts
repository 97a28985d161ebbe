import { type Desk, withManager } from '../command.js'
import { printable, printableLine } from '../terminal/printable.js'
import { receiptLine, stepLine } from '../terminal/receipt-line.js'

interface SummaryOptions {
  readonly session?: string
  readonly receipts?: boolean
  readonly all?: boolean
}

export async function showSummaries(desk: Desk, [ref]: [ref: string], options: SummaryOptions): Promise<void> {
  const { session, receipts = false, all } = options
  await withManager(desk, async (manager) => {
    const summaries = await manager.listSummaries(ref, { session, all })
    if (desk.json) return desk.printJson(...summaries)
    if (summaries.length === 0) return desk.print('No summaries yet. To make some: arawn compress <ref>')
    for (const summary of summaries) {
      const head = `${receipts ? receiptLine(summary, summary) : stepLine(summary)}${summary.isUsed ? '' : ', replaced'}`
      await desk.print(`${desk.colours.bold(head)}\n${printable(summary.summary).replace(/^(?=.)/gm, '  ')}\n`)
    }
  })
}

export async function showFacts(desk: Desk, [ref]: [ref: string]): Promise<void> {
  await withManager(desk, async (manager) => {
    const facts = await manager.listFacts(ref)
    if (desk.json) return desk.printJson(...facts)
    if (facts.length === 0) return desk.print('No facts yet: they come with the summaries that a model makes.')
    for (const { text } of facts) await desk.print(`- ${printableLine(text)}`)
  })
}
