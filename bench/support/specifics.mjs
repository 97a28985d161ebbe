// A cruder reading than the product's own: specifics by expressions that know nothing of it.
const CRUDE = [
  /https?:\/\/[\w./?=&%#-]+\w/g,
  /(?<![\w/.-])(?:\/|\.\/)?(?:[\w.-]+\/)+[\w-]+\.[a-z]{1,4}\b/g,
  /\b(?=\d*[a-f])(?=[a-f]*\d)[0-9a-f]{7,40}\b/g,
  /\b[a-z]+(?:_[a-z0-9]+)+\b/g,
  /\b[a-z]+(?:[A-Z][a-z0-9]+)+\b/g,
  /\b(?:[A-Z][a-z0-9]+){2,}\b/g,
  /\b\d+(?:\.\d+)? ?(?:ms|s|MB|KB|tests|failures|files)\b/g,
]

/** Each once. */
export function readSpecifics(text) {
  return new Set(CRUDE.flatMap((pattern) => text.match(pattern) ?? []))
}
