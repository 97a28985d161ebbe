import { editDistance, nearestNames } from '@arawn/core/nearest'
import { configInvalid } from '../file/config-invalid.js'
import { settings } from '../setting.js'

const known = ['ARAWN_CONFIG', ...settings.map(({ environment }) => environment)]

// Others may have variables of their own that begin with ARAWN_; two slips of a finger away from ours is no accident.
const TYPO_EDITS = 2

/** A typo must not pass in silence: what looks like one of our variables has to be one. */
export function refuseUnknownVariables(env: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined || value === '' || !name.startsWith('ARAWN_') || known.includes(name)) continue
    const isMeant =
      name.startsWith('ARAWN_WORKSTREAMS_') || known.some((ours) => editDistance(name, ours) <= TYPO_EDITS)
    if (!isMeant) continue
    const [nearest] = nearestNames(name, known)
    throw configInvalid({ file: null, line: null, key: name }, 'there is no such setting', nearest ?? null)
  }
}
