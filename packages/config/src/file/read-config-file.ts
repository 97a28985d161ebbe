import { parse, TomlError } from 'smol-toml'
import { type SettingKey, settings } from '../setting.js'
import { configInvalid } from './config-invalid.js'
import type { FileValue } from './file-value.js'
import { keyLines } from './key-lines.js'
import { nearestKey, nearestTable } from './nearest-key.js'
import { type FileProfile, PROFILES, profilesInFile } from './profiles-in-file.js'
import { isTomlTable, type TomlTable } from './toml-table.js'

export interface FileContent {
  readonly values: ReadonlyMap<SettingKey, FileValue>
  /** In the order of the file. */
  readonly profiles: readonly FileProfile[]
}

/**
 * The values of an arawn.toml by their keys; whether they fit is not looked at.
 *
 * @throws CONFIG_INVALID syntax, or a name that no setting has, with file and line
 */
export function readConfigFile(file: string, text: string): FileContent {
  const root = parseToml(file, text)
  const lineOf = keyLines(text)
  const values = new Map<SettingKey, FileValue>()
  const { [PROFILES]: profiles = {}, ...others } = root
  read(others, [])
  return { values, profiles: profilesInFile(file, profiles, lineOf) }

  function read(table: TomlTable, above: readonly string[]): void {
    for (const [name, value] of Object.entries(table)) {
      const path = [...above, name]
      const key = path.map(asWritten).join('.')
      const line = lineOf(path)
      const setting = settings.find((candidate) => candidate.key === key)
      const holdsSettings = settings.some((candidate) => candidate.key.startsWith(`${key}.`))
      if (setting !== undefined) values.set(setting.key, { value, line })
      else if (holdsSettings && isTomlTable(value)) read(value, path)
      else if (holdsSettings) throw configInvalid({ file, line, key }, `this is a table, written once as [${key}]`)
      else {
        const suggestion = isTomlTable(value) ? nearestTable(key) : nearestKey(name, above.map(asWritten).join('.'))
        throw configInvalid({ file, line, key }, 'there is no such setting', suggestion)
      }
    }
  }
}

function parseToml(file: string, text: string): TomlTable {
  try {
    return parse(text)
  } catch (error) {
    if (!(error instanceof TomlError)) throw error
    const [first = ''] = error.message.split('\n')
    const problem = `${first.replace('Invalid TOML document: ', '')} (column ${error.column})`
    throw configInvalid({ file, line: error.line, key: 'syntax' }, problem, null, error)
  }
}

/** `"a.b"` is one name and not b in a: names keep the quotes that they need. */
function asWritten(name: string): string {
  return /^[\w-]+$/.test(name) ? name : JSON.stringify(name)
}
