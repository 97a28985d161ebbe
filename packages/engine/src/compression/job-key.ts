import type { CompressionJob, LineToCompress, PlanOccasion } from '../compression-plan.js'

/** The same work has the same key: whether it goes on from an earlier summary or begins anew makes no difference. */
export function jobKey(
  kind: CompressionJob['kind'],
  parts: readonly string[],
  { model, promptVersion, hash }: PlanOccasion,
): string {
  return hash(JSON.stringify([kind, promptVersion, model, parts]))
}

export function lineNames(lines: readonly LineToCompress[]): string[] {
  return lines.map(({ sequence, id, stamp }) => `${sequence} ${id} ${stamp}`)
}
