import { type Connection, connect } from './connection.js'
import { schemaOf } from './empty-index.js'
import { fileIdentity, readIdentity } from './identity.js'
import { findUnsoundness } from './soundness.js'

export type OpenedFile =
  | {
      readonly condition: 'current'
      readonly identity: string
      readonly writer: Connection
      readonly readers: Connection
    }
  | { readonly condition: 'absent' }
  | { readonly condition: 'unusable'; readonly problem: string }

/** Opens the file and judges whether it can be trusted: ours, of this version of the schema, sound. */
export function openIndexFile(path: string, migrationsFolder: string): OpenedFile {
  const identity = fileIdentity(path)
  if (identity === undefined) return { condition: 'absent' }
  const opened: Connection[] = []
  const problem = ((): string | undefined => {
    try {
      const writer = connect(path, { readonly: false })
      opened.push(writer)
      const written = readIdentity(writer.client)
      if (written !== identity) return 'it is a copy, or has the journal of another file'
      if (!hasSchema(writer, migrationsFolder)) return 'it was made by another version'
      const [unsound] = findUnsoundness(writer.client, { thorough: false })
      if (unsound !== undefined) return unsound
      opened.push(connect(path, { readonly: true }))
      // Opened after it was named: the file may have been replaced between the two.
      return fileIdentity(path) === identity ? undefined : 'it was replaced while it was opened'
    } catch (error) {
      return error instanceof Error ? error.message : String(error)
    }
  })()
  const [writer, readers] = opened
  if (problem === undefined && writer !== undefined && readers !== undefined)
    return { condition: 'current', identity, writer, readers }
  for (const connection of opened) connection.client.close()
  return { condition: 'unusable', problem: problem ?? 'it cannot be opened' }
}

/** An index is rebuilt rather than migrated, since its rows come from the logs: only the very same schema will do. */
function hasSchema({ client }: Connection, migrationsFolder: string): boolean {
  const applied = client
    .prepare<[], { hash: string }>('SELECT hash FROM __drizzle_migrations ORDER BY created_at')
    .all()
    .map((row) => row.hash)
  return applied.join() === schemaOf(migrationsFolder)
}
