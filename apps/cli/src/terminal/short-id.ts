const DRAWN = /^ws_[0-9a-z]{18}([0-9a-z]{8})$/

/**
 * An id as it is shown where there is little room: of one that was drawn the end, which is random; it names the
 * workstream as well. Others are short, and stay.
 */
export function shortId(id: string): string {
  return DRAWN.exec(id)?.[1] ?? id
}
