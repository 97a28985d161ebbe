/** How wide a terminal is; undefined when it is none, or does not say: one that a program has made may have no size. */
export function widthOf(stream: { readonly isTTY?: boolean; readonly columns?: number }): number | undefined {
  return stream.isTTY === true && stream.columns !== 0 ? stream.columns : undefined
}
