import { nearestNames } from '@arawn/core/nearest'
import { parse, TomlError } from 'smol-toml'
import { settings } from '../setting.js'
import { configInvalid } from './config-invalid.js'
import { lineOf } from './line-of.js'

export interface FileValue {
  readonly value: unknown
  /** `file:line`, or only the file when the line was not found. */
  readonly origin: string
  readonly line: number | null
}

/** The values of an arawn.toml by their keys. @throws CONFIG_INVALID with file and line */
export function readConfigFile(file: string, text: string): Map<string, FileValue> {
  const values = new Map<string, FileValue>()
  for (const [key, value] of flatten(parseToml(file, text))) {
    const line = lineOf(text, key)
    if (!settings.some((setting) => setting.key === key)) throw unknownKey(file, line, key)
    values.set(key, { value, line, origin: line === null ? file : `${file}:${line}` })
  }
  return values
}

function parseToml(file: string, text: string): Record<string, unknown> {
  try {
    return parse(text)
  } catch (error) {
    if (!(error instanceof TomlError)) throw error
    const [problem = 'not TOML'] = error.message.split('\n')
    throw configInvalid({ file, line: error.line, key: 'syntax' }, problem, null, error)
  }
}

/** Tables whose keys are settings are opened; anything else is a value, right or wrong. */
function* flatten(table: Record<string, unknown>, prefix = ''): Generator<[string, unknown]> {
  for (const [name, value] of Object.entries(table)) {
    const key = `${prefix}${name}`
    const opens = settings.some((setting) => setting.key.startsWith(`${key}.`))
    if (opens && typeof value === 'object' && value !== null && !Array.isArray(value))
      yield* flatten({ ...value }, `${key}.`)
    else yield [key, value]
  }
}

function unknownKey(file: string, line: number | null, key: string) {
  const [nearest] = nearestNames(
    key,
    settings.map((setting) => setting.key),
  )
  return configInvalid({ file, line, key }, 'there is no such setting', nearest ?? null)
}
