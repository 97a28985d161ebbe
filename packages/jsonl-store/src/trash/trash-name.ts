import { timestampOf } from '@arawn/core/clock'
import { isWorkstreamId, type WorkstreamId } from '@arawn/core/id'

/** What a name in the trash says. */
export interface TrashName {
  readonly workstreamId: WorkstreamId
  /** Milliseconds since 1970. */
  readonly trashedAtMs: number
}

/**
 * The name of a workstream in the trash: `2026-01-15T10-00-00-000Z.<workstream id>[.<n>]`. The time comes first, so that
 * names sort by it; without colons, which Windows refuses.
 *
 * @param nth tells apart what would have the same name; 0 for the first
 */
export function trashName({ workstreamId, trashedAtMs }: TrashName, nth = 0): string {
  const time = timestampOf(trashedAtMs).replaceAll(/[:.]/g, '-')
  return `${time}.${workstreamId}${nth === 0 ? '' : `.${nth}`}`
}

/** @returns undefined for what is no such name */
export function parseTrashName(name: string): TrashName | undefined {
  const [, day, hour, minute, second, ms, workstreamId] = NAME.exec(name) ?? []
  if (workstreamId === undefined || !isWorkstreamId(workstreamId)) return undefined
  const trashedAtMs = Date.parse(`${day}T${hour}:${minute}:${second}.${ms}Z`)
  return Number.isNaN(trashedAtMs) ? undefined : { workstreamId, trashedAtMs }
}

/** Ids hold no dots, so the parts of a name are the parts between dots. */
const NAME = /^(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)-(\d{3})Z\.([a-z0-9_-]+)(?:\.\d+)?$/
