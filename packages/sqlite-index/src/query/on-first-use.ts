/**
 * Makes a thing when it is first asked for. An index is opened by every command, and of the queries that there are a
 * command asks a few; to prepare them all takes some 20 ms.
 */
export function onFirstUse<Thing extends object>(make: () => Thing): () => Thing {
  let made: Thing | undefined
  return () => {
    made ??= make()
    return made
  }
}
