/** How input is refused whose field at this path is bad. */
export const invalid = (path: string) => ({ code: 'INVALID_INPUT', details: { path } })

/** Whatever the types say: callers of a server are not typed. */
export const anything = (value: unknown) => value as never
