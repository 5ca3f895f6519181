#!/usr/bin/env node
import { existsSync } from 'node:fs'

if (existsSync(new URL('../dist/main.js', import.meta.url))) {
  const { runProcess } = await import('../dist/main.js')
  await runProcess()
} else {
  process.stderr.write('bcos-ts is not built yet: run "pnpm install" and "pnpm build" first\n')
  process.exitCode = 1
}
