import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { WorkstreamError } from '@arawn/core/error'
import { unreadable } from './unreadable.js'

export interface FoundFile {
  readonly path: string
  /** Stood in a folder under a name that may mean anything: it is passed over when it holds no conversation. */
  readonly isGuess: boolean
  readonly problem?: WorkstreamError
}

const CONVERSATIONS = /\.(jsonl|arawn)$/i
const MAYBE_CONVERSATIONS = /\.json$/i

/** A file itself, or the files of a folder in the order of their names; folders in it are left out. */
export function findFiles(path: string): FoundFile[] {
  try {
    if (!statSync(path).isDirectory()) return [{ path, isGuess: false }]
    const files = readdirSync(path)
      .sort()
      .map((name) => ({ path: join(path, name), isGuess: MAYBE_CONVERSATIONS.test(name) }))
      .filter((file) => file.isGuess || CONVERSATIONS.test(file.path))
      .filter((file) => statSync(file.path, { throwIfNoEntry: false })?.isDirectory() !== true)
    if (files.length > 0) return files
    return [{ path, isGuess: false, problem: unreadable(path, 'no .jsonl, .json or .arawn file is in this folder') }]
  } catch (error) {
    return [{ path, isGuess: false, problem: unreadable(path, error) }]
  }
}
