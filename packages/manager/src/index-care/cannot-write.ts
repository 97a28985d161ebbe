import { hasCode } from '@arawn/core/error'

/** The disk refuses to be written. What it holds can still be read, as far as the index knows it. */
export function cannotWrite(error: unknown): boolean {
  return hasCode(error, 'DATA_DIR_UNUSABLE') || hasCode(error, 'LOG_FULL') || hasCode(error, 'LOG_WRITE_FAILED')
}
