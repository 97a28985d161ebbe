import type { SourceMessage } from '../../src/ledger.js'

export function said(role: SourceMessage['role'], content: string, sequence = 1, metadata?: SourceMessage['metadata']) {
  return { role, content, sequence, ...(metadata !== undefined && { metadata }) }
}

/** A small piece of work with all kinds of specifics, many turns long. */
export function conversation(turns: number): SourceMessage[] {
  const messages: SourceMessage[] = []
  const add = (role: SourceMessage['role'], content: string, metadata?: SourceMessage['metadata']) =>
    messages.push(said(role, content, messages.length + 1, metadata))
  for (let turn = 1; turn <= turns; turn++) {
    add(
      'user',
      `Please make the import of orders number ${turn} faster, see src/orders/import-${turn}.ts and ticket OPS-${4200 + turn}.`,
    )
    add('tool_use', '', {
      tool_name: 'shell',
      tool_call_id: `c${turn}`,
      arguments: { command: `pnpm test --filter orders-${turn} 2>&1 | tail -5` },
    })
    add(
      'tool_result',
      `${'ok line of output\n'.repeat(20)}TypeError: cannot read property rows of undefined ${turn}\n`,
      { tool_call_id: `c${turn}`, is_error: turn % 3 === 0 },
    )
    add(
      'assistant',
      `The import of step ${turn} took ${turn * 3} seconds. We decided to use batches of ${turn * 100} rows instead of single inserts, because the index in src/orders/import-${turn}.ts is slow. Done: the tests pass now.`,
    )
  }
  return messages
}
