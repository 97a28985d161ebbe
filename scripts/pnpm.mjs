// Runs the pnpm version pinned in package.json ("packageManager"), with nothing but Node and npm installed.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))
const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const toolDir = join(root, 'node_modules', '.tools', packageManager.replace('@', '-'))
export const pnpmCli = join(toolDir, 'node_modules', 'pnpm', 'bin', 'pnpm.cjs')

export function toolEnv() {
  const env = {
    ...process.env,
    TURBO_TELEMETRY_DISABLED: '1',
    DO_NOT_TRACK: '1',
    TURBO_NO_UPDATE_NOTIFIER: '1',
    // In turbo.json's globalEnv: a result from Node 20 must not answer for Node 24.
    NODE_ABI: process.versions.modules,
  }
  // node-gyp downloads headers from nodejs.org unless told where they lie. Always name those of the Node that runs:
  // a "nodedir" in ~/.npmrc may name another Node's, and the module then builds but does not load.
  const prefix = dirname(dirname(realpathSync(process.execPath)))
  const header = join(prefix, 'include', 'node', 'node_version.h')
  if (existsSync(header)) {
    const abi = /#define NODE_MODULE_VERSION (\d+)/.exec(readFileSync(header, 'utf8'))?.[1]
    if (abi === process.versions.modules) env.npm_config_nodedir = prefix
  }
  // turbo starts "pnpm" from PATH.
  const key = Object.keys(env).find((k) => k.toUpperCase() === 'PATH') ?? 'PATH'
  env[key] = [join(toolDir, 'node_modules', '.bin'), dirname(process.execPath), env[key]].join(delimiter)
  return env
}

function npm(args) {
  const cli = process.env.npm_execpath
  if (cli && /npm-cli\.[cm]?js$/.test(cli)) return spawnSync(process.execPath, [cli, ...args], { stdio: 'inherit' })
  return spawnSync(process.platform === 'win32' ? 'npm.cmd' : 'npm', args, {
    stdio: 'inherit',
    shell: process.platform === 'win32',
  })
}

export function ensurePnpm() {
  if (existsSync(pnpmCli)) return
  const r = npm([
    'install',
    '--prefix',
    toolDir,
    '--no-save',
    '--no-package-lock',
    '--no-audit',
    '--no-fund',
    '--ignore-scripts',
    '--prefer-offline',
    '--loglevel=error',
    packageManager,
  ])
  if (r.status !== 0) process.exit(r.status ?? 1)
}

export function pnpm(args) {
  ensurePnpm()
  return spawnSync(process.execPath, [pnpmCli, ...args], { cwd: root, stdio: 'inherit', env: toolEnv() }).status ?? 1
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  process.exit(pnpm(process.argv.slice(2)))
}
