// `npm test`: installs what is missing, builds what tests run as processes, checks, and runs every test.
import { ensureBuilt, pnpm } from './workspace.mjs'

ensureBuilt()
for (const check of ['check:format', 'check:lint', 'check:types', 'check:unused']) {
  const code = pnpm(['run', check])
  if (code !== 0) process.exit(code)
}
process.exit(pnpm(['exec', 'vitest', 'run', ...process.argv.slice(2)]))
