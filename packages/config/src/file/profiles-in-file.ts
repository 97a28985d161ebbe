import { nearestNames } from '@arawn/core/nearest'
import { type ProfileField, profileFields, profileName, profileNameInWords } from '../profile-setting.js'
import { configInvalid } from './config-invalid.js'
import type { FileValue } from './file-value.js'
import { isTomlTable } from './toml-table.js'

export const PROFILES = 'llm_profiles'

/** A table `[llm_profiles.NAME]`; whether its values fit is not looked at. */
export interface FileProfile {
  readonly name: string
  readonly line: number | null
  readonly values: ReadonlyMap<ProfileField, FileValue>
}

/** @throws CONFIG_INVALID a name that no profile may have, or a key that no profile has, with file and line */
export function profilesInFile(
  file: string,
  tables: unknown,
  lineOf: (path: readonly string[]) => number | null,
): FileProfile[] {
  const fail = (path: readonly string[], problem: string, suggestion: string | null = null) =>
    configInvalid({ file, line: lineOf(path), key: path.join('.') }, problem, suggestion)
  const asTables = 'profiles are tables, each written as [llm_profiles.NAME]'
  if (!isTomlTable(tables)) throw fail([PROFILES], asTables)
  return Object.entries(tables).map(([name, fields]) => {
    const path = [PROFILES, name]
    if (!isTomlTable(fields)) throw fail(path, asTables)
    if (!profileName.test(name)) throw fail(path, `a name of a profile is ${profileNameInWords}`)
    const values = new Map<ProfileField, FileValue>()
    for (const [key, value] of Object.entries(fields)) {
      const known = profileFields.find(({ field }) => field === key)
      if (known === undefined) throw fail([...path, key], 'a profile has no such key', nearestField(key))
      values.set(known.field, { value, line: lineOf([...path, key]) })
    }
    return { name, line: lineOf(path), values }
  })
}

function nearestField(key: string): string | null {
  const names = profileFields.map(({ field }) => field)
  const [nearest] = nearestNames(key, names)
  return nearest ?? null
}
