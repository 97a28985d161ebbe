export function nearestNames(_name: string, _names: readonly string[]): string[] { return [] }
