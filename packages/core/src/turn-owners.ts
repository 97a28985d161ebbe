/**
 * Who runs turns. A process that does has a name, which lives as long as the process, however it ends: a turn whose
 * owner is dead will never go on.
 */
export interface TurnOwners {
  /** The name of whoever asks: `run_…`. The first call claims it. @throws DATA_DIR_UNUSABLE */
  own(): Promise<string>
  /** False for a name that nobody has, or ever had. */
  isAlive(owner: string): Promise<boolean>
  /** Gives the own name up. */
  close(): Promise<void>
}
