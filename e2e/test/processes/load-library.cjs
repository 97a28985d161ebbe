// Runs library.cjs, which lies beside this file in a run of the tests, from what V8 has kept of it.
const { existsSync, readFileSync, writeFileSync } = require('node:fs')
const { join } = require('node:path')
const { Script } = require('node:vm')

const filename = join(__dirname, 'library.cjs')
const keptFile = join(__dirname, 'library.v8')
const script = new Script(`(function (module, exports, require) {${readFileSync(filename, 'latin1')}\n})`, {
  filename,
  cachedData: existsSync(keptFile) ? readFileSync(keptFile) : undefined,
})
const library = { exports: {} }
script.runInThisContext()(library, library.exports, require)

exports.library = library.exports

/** Keeps what was compiled until now, for processes that start later. */
exports.keepCompiled = () => writeFileSync(keptFile, script.createCachedData())
