import { editDistance, nearestNames } from '@arawn/core/nearest'
import { configInvalid } from '../file/config-invalid.js'
import { settings } from '../setting.js'

// Beginnings that are ours alone.
const OURS = ['ARAWN_WORKSTREAMS_', 'ARAWN_WORKSTREAM_COMPRESSION_', 'ARAWN_LLM_', 'ARAWN_CLIENT_']
const known = ['ARAWN_CONFIG', 'ARAWN_TOKEN', ...settings.map(({ environment }) => environment)]

// Others may have variables of their own that begin with ARAWN_; two slips of a finger away from ours is no accident.
const TYPO_EDITS = 2

/** A typo must not pass in silence: what looks like one of our variables has to be one. */
export function refuseUnknownVariables(env: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined || value === '' || !name.startsWith('ARAWN_') || known.includes(name)) continue
    if (OURS.some((ours) => name.startsWith(ours)) || known.some((ours) => editDistance(name, ours) <= TYPO_EDITS))
      throw configInvalid({ file: null, line: null, key: name }, 'there is no such setting', nearestVariable(name))
  }
}

/** The prefix is left out of the comparison: a long one makes every name look near. */
function nearestVariable(name: string): string | null {
  const prefix = OURS.find((ours) => name.startsWith(ours)) ?? 'ARAWN_'
  const candidates = known.filter((ours) => ours.startsWith(prefix)).map((ours) => ours.slice(prefix.length))
  const [nearest] = nearestNames(name.slice(prefix.length), candidates)
  return nearest === undefined ? null : `${prefix}${nearest}`
}
