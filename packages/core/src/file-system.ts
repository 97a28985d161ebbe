/**
 * The few file operations that the logs need, so that tests can make any of them fail.
 * Failures are Node's: errors with an `errno` name in `code`.
 */
export interface FileSystem {
  /** undefined when nothing is there. Follows symbolic links. */
  stat(path: string): FileStat | undefined
  /** Like `stat`, but says of a symbolic link what it is itself. */
  linkStat(path: string): FileStat | undefined
  readDirectory(path: string): readonly string[]
  /** Names of the directories in a directory. A symbolic link is none, wherever it leads. */
  readSubdirectories(path: string): readonly string[]
  /** Creates one directory; fine when it is there. */
  makeDirectory(path: string): void
  /** Makes the entries of a directory durable. */
  syncDirectory(path: string): Promise<void>
  /** A directory takes no other's place, unless that one is empty. */
  rename(from: string, to: string): void
  /** A file. */
  remove(path: string): void
  /** Fails with ENOTEMPTY when something is in it. */
  removeDirectory(path: string): void
  /**
   * Refuses symbolic links (ELOOP) where the system can.
   *
   * @param mode `append` creates the file when it is missing, `read` fails with ENOENT, `create` fails with EEXIST
   */
  open(path: string, mode: 'append' | 'read' | 'create'): OpenFile
}

export interface FileStat {
  readonly sizeBytes: number
  /** When its content last changed, milliseconds since 1970; for a directory, its list of entries. */
  readonly modifiedMs: number
  readonly isDirectory: boolean
  readonly isFile: boolean
  /** Only `linkStat` ever finds one. */
  readonly isLink: boolean
  /** The same for two paths only when both name the same file. */
  readonly identity: string
}

export interface OpenFile {
  stat(): FileStat
  /** Appends; may write fewer bytes than given, and says how many. */
  write(bytes: Uint8Array): number
  /** Reads from a position; returns how many bytes were read, 0 at the end. */
  read(into: Uint8Array, position: number): Promise<number>
  readSync(into: Uint8Array, position: number): number
  truncate(sizeBytes: number): void
  /** Resolves when all that was written is on disk (fdatasync). */
  sync(): Promise<void>
  close(): void
}
