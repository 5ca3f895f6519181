// Writes docs/reference/errors anew: pnpm docs:errors
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ERROR_PAGES_FOLDER, errorPages } from './error-pages.ts'

const pages = errorPages()
mkdirSync(ERROR_PAGES_FOLDER, { recursive: true })
for (const name of readdirSync(ERROR_PAGES_FOLDER)) {
  if (!pages.has(name)) rmSync(join(ERROR_PAGES_FOLDER, name))
}
for (const [name, text] of pages) writeFileSync(join(ERROR_PAGES_FOLDER, name), text)
console.log(`${pages.size} pages in docs/reference/errors`)
