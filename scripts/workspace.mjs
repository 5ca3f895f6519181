// Brings a checkout into a state in which it runs, and says what it does on the way.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '..')
const STAMP = join(ROOT, 'node_modules', '.bcos-ts-installed')

/** Runs a command with our terminal; its exit code. */
export function run(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, { cwd: ROOT, stdio: 'inherit', ...options })
  if (error !== undefined) {
    console.error(`cannot run ${command}: ${error.message}`)
    return 1
  }
  return status ?? 1
}

/** pnpm in the version that package.json names, whether or not the machine has it. */
export function pnpm(args) {
  const { packageManager } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
  const found = spawnSync('pnpm', ['--version'], { cwd: ROOT, encoding: 'utf8' })
  if (found.status === 0 && `pnpm@${found.stdout.trim()}` === packageManager)
    return run('pnpm', args)
  return run('npm', ['exec', '--yes', '--package', packageManager, '--', 'pnpm', ...args])
}

function must(code, what) {
  if (code === 0) return
  console.error(`${what} failed with exit code ${code}; the lines above say why`)
  process.exit(code)
}

function installIfChanged() {
  const lock = createHash('sha256')
    .update(readFileSync(join(ROOT, 'pnpm-lock.yaml')))
    .digest('hex')
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === lock) return
  console.log('Installing packages …')
  must(pnpm(['install', '--frozen-lockfile']), 'the installation')
  writeFileSync(STAMP, lock)
}

/** Installs and builds; both take no time when nothing has changed. */
export function ensureBuilt() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major < 20 || (major === 20 && minor < 19)) {
    console.error(`Node ${process.versions.node} is too old: install Node 20.19 or newer`)
    process.exit(1)
  }
  installIfChanged()
  console.log('Building …')
  must(pnpm(['exec', 'turbo', 'run', 'build', '--output-logs=errors-only']), 'the build')
}
