import type { TrashedWorkstream } from './log-store.js'
import type { Workstream } from './workstream.js'

/** What was purged, until it is deleted for good. */
export interface TrashOperations {
  /** Oldest first. */
  listTrash(): Promise<TrashEntry[]>
  /**
   * One entry of the trash.
   *
   * @param reference its name or at least 4 characters that it begins with, or the id or title of its workstream, or part
   * of the id
   * @throws TRASH_ENTRY_NOT_FOUND
   * @throws TRASH_ENTRY_AMBIGUOUS with those that it may mean
   */
  findInTrash(reference: string): Promise<TrashEntry>
  /**
   * Puts a purged workstream back, with all that it had.
   *
   * @param reference as for `findInTrash`; of several entries of the same workstream the newest
   * @throws TRASH_ENTRY_NOT_FOUND | TRASH_ENTRY_AMBIGUOUS
   * @throws RESTORE_CONFLICT the id is taken again
   */
  restoreFromTrash(reference: string): Promise<Workstream>
  /**
   * Deletes for good: one entry by its whole name, or all that have been there for so long; without an argument all.
   *
   * @returns what was deleted
   * @throws TRASH_ENTRY_NOT_FOUND for a name
   */
  emptyTrash(which?: string | { olderThanMs?: number | undefined }): Promise<TrashedWorkstream[]>
}

export type TrashEntry = TrashedWorkstream & { title: string | null }
