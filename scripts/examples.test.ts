import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const EXAMPLES = join(import.meta.dirname, '..', 'examples')

/** Run against a network of processes, in packages/cli/test/scenario.test.ts. */
const NEEDS_A_CHAIN: ReadonlySet<string> = new Set(['03-events'])

/** An example that does not run is a lie found by a user. */
describe('examples', () => {
  const names = readdirSync(EXAMPLES).filter(
    (name) => existsSync(join(EXAMPLES, name, 'src/main.ts')) && !NEEDS_A_CHAIN.has(name),
  )

  it.each(names)('%s runs to its end', (name) => {
    const { status, stderr } = spawnSync(
      process.execPath,
      ['--conditions=@bcos-ts/source', '--import', 'tsx', 'src/main.ts'],
      { cwd: join(EXAMPLES, name), encoding: 'utf8', timeout: 60_000 },
    )
    expect(stderr).toBe('')
    expect(status).toBe(0)
  })
})
