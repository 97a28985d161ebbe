/** A title as it is compared and searched: composed (NFC), lower case. */
export function foldTitle(title: string): string
export function foldTitle(title: string | null): string | null
export function foldTitle(title: string | null): string | null {
  return title === null ? null : title.normalize('NFC').toLowerCase()
}
