import type { ProfileField } from './profile-setting.js'
import type { SettingKey, SettingValue } from './setting.js'

/** A setting with where its value comes from. */
export interface SettingSource {
  readonly key: SettingKey | ProfileKey
  readonly value: SettingValue
  readonly source: 'default' | 'file' | 'environment' | 'flag'
  /** `file:line` (the file alone when the line is not known), the variable or the flag; null for a default. */
  readonly origin: string | null
}

/** `llm_profiles.fast.model` */
export type ProfileKey = `llm_profiles.${string}.${ProfileField}`
