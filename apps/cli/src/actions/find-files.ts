import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { WorkstreamError } from '@arawn/core/error'
import { unreadable } from './unreadable.js'

export interface FoundFile {
  readonly path: string
  /** Stood in a folder that was named: it is passed over when it holds no message. */
  readonly isFound: boolean
  /** Its name may mean anything: it is passed over when it is no conversation at all. */
  readonly isGuess: boolean
  readonly problem?: WorkstreamError
}

const CONVERSATIONS = /\.(jsonl|arawn)$/i
const MAYBE_CONVERSATIONS = /\.json$/i

/** A file itself, or the files of a folder in the order of their names; folders in it are left out. */
export function findFiles(path: string): FoundFile[] {
  try {
    if (!statSync(path).isDirectory()) return [{ path, isFound: false, isGuess: false }]
    const files = readdirSync(path)
      .sort()
      .map((name) => ({ path: join(path, name), isFound: true, isGuess: MAYBE_CONVERSATIONS.test(name) }))
      .filter((file) => file.isGuess || CONVERSATIONS.test(file.path))
      .filter((file) => statSync(file.path, { throwIfNoEntry: false })?.isDirectory() !== true)
    if (files.length > 0) return files
    return [
      {
        path,
        isFound: false,
        isGuess: false,
        problem: unreadable(path, 'no .jsonl, .json or .arawn file is in this folder'),
      },
    ]
  } catch (error) {
    return [{ path, isFound: false, isGuess: false, problem: unreadable(path, error) }]
  }
}
