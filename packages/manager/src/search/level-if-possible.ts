import { hasCode } from '@arawn/core/error'
import type { SearchProgress } from '@arawn/core/search-operations'
import { cannotWrite } from '../index-care/cannot-write.js'
import type { SearchCare } from './search-care.js'

/**
 * Brings search level. When others keep the lock, or the disk takes nothing, it stays as it is.
 *
 * @returns whether it is level
 */
export async function levelIfPossible(
  searchCare: SearchCare,
  options: { withinMs: number; onProgress?: ((progress: SearchProgress) => void) | undefined },
): Promise<boolean> {
  try {
    return await searchCare.level(options)
  } catch (error) {
    if (hasCode(error, 'LOCK_TIMEOUT') || cannotWrite(error)) return false
    throw error
  }
}
