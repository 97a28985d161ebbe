import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

const { ARAWN_TEST_DATA: root } = process.env

/** The folder of real Claude Code transcripts: `claude-code` where ARAWN_TEST_DATA says. It need not be there. */
export const realTranscriptsDir = join(root ?? '', 'claude-code')

/** The names of their files; none where there are none. */
export const realTranscripts: readonly string[] =
  root !== undefined && existsSync(realTranscriptsDir)
    ? readdirSync(realTranscriptsDir).filter((name) => name.endsWith('.jsonl'))
    : []

if (realTranscripts.length === 0)
  console.warn(
    `skipped: real transcripts, because ARAWN_TEST_DATA ${root === undefined ? 'is not set' : 'has no claude-code/*.jsonl'}`,
  )
