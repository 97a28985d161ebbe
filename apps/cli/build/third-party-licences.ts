import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { Options } from 'tsup'

type Plugin = NonNullable<Options['esbuildPlugins']>[number]

interface Package {
  readonly name: string
  readonly version: string
  readonly license: string
  readonly text: string
}

/** Writes the licences of all that is bundled, which they ask for. The build fails when one has none. */
export function thirdPartyLicences(file: string): Plugin {
  return {
    name: 'third-party licences',
    setup: ({ onEnd }) =>
      onEnd(({ metafile, errors }) => {
        if (metafile === undefined || errors.length > 0) return
        // What was tree-shaken away is not shipped.
        const shipped = Object.values(metafile.outputs).flatMap(({ inputs }) =>
          Object.entries(inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : [])),
        )
        const folders = new Set(shipped.flatMap((path) => packageFolder(resolve(path)) ?? []))
        const packages = [...folders].map(readPackage).sort((a, b) => (title(a) < title(b) ? -1 : 1))
        mkdirSync(dirname(file), { recursive: true })
        writeFileSync(file, [INTRODUCTION, ...packages.map(section)].join(`\n${'─'.repeat(80)}\n\n`))
      }),
  }
}

const INTRODUCTION = 'arawn contains these packages. Thank you.\n'

function section(found: Package): string {
  return `${title(found)}  (${found.license})\n\n${found.text.trim()}\n`
}

function title({ name, version }: Package): string {
  return `${name} ${version}`
}

/** The innermost package that the file is of; none for our own. */
function packageFolder(path: string): string | undefined {
  return /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(path)?.[0]
}

function readPackage(folder: string): Package {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const file = readdirSync(folder).find((entry) => /^(licen[cs]e|copying)/i.test(entry))
  if (file !== undefined) return { name, version, license, text: readFileSync(join(folder, file), 'utf8') }
  // The one licence whose text is the same for everybody, and ours, too.
  if (license === 'Apache-2.0') return { name, version, license, text: readFileSync('LICENSE', 'utf8') }
  throw new Error(`${name} ${version} has no licence with it`)
}
