import { expect, it } from 'vitest'
import { openDatabase } from '../src/file/open-database.js'
import { findUnsoundness } from '../src/file/soundness.js'
import { headsAt, indexDir, said } from './open-index.js'

it('judges an index as of one moment, whatever others commit meanwhile', async () => {
  const dir = indexDir()
  const index = await dir.openEmpty()
  const transaction = await index.begin()
  await transaction.apply('a', [said(1)])
  await transaction.setHeads('a', headsAt({ workstream: 0, sessions: 0, messages: 1 }))
  await transaction.commit()

  const other = openDatabase(dir.path)
  const reader = openDatabase(dir.path, { readonly: true })
  const { prepare } = reader
  let commits = 0
  reader.prepare = ((text: string) => {
    // One more message, right before the lines that were applied are counted.
    if (text.includes('FROM log_heads') && commits++ === 0)
      other.exec(`BEGIN;
        INSERT INTO messages ("row", id, session_id, role, stamp, "offset", length)
          SELECT "row" + 1, 'msg_2', session_id, role, stamp + 1, "offset" + length, length FROM messages;
        UPDATE log_heads SET lines = lines + 1 WHERE log = 'messages';
        COMMIT`)
    return prepare(text)
  }) as typeof prepare
  expect(findUnsoundness(reader, { thorough: true })).toEqual([])
  expect(commits).toBe(1)
  expect(findUnsoundness(reader, { thorough: true })).toEqual([])
  other.close()
  reader.close()
})
