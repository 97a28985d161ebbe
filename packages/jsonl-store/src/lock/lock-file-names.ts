/** Held by whoever may write. */
export const LOCK = '.lock'
/** Held by whoever is next. */
export const TURNSTILE = '.lock-queue'
