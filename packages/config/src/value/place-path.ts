import { join, resolve } from 'node:path'

/** The absolute path that a setting means: `~` is the home, a relative one is below `base`. */
export function placePath(path: string, base: string, homeDir: string): string {
  return resolve(base, /^~(?=$|[/\\])/.test(path) ? join(homeDir, path.slice(1)) : path)
}
