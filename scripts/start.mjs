// `npm start`: installs and builds what is missing, then shows a chain at work. Arguments go to the demonstration.
import { ensureBuilt, run } from './workspace.mjs'

ensureBuilt()
const code = run(process.execPath, [
  'packages/cli/bin/bcos-ts.js',
  'demo',
  ...process.argv.slice(2),
])
process.exit(code)
