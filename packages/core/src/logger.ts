/** Where warnings and progress go. `facts` are camelCase, small, and never hold message content. */
export interface Logger {
  info(message: string, facts?: Readonly<Record<string, unknown>>): void
  warn(message: string, facts?: Readonly<Record<string, unknown>>): void
}

export const silentLogger: Logger = { info: () => {}, warn: () => {} }
