import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Scenario } from './scenario.ts'

const HERE = join(import.meta.dirname, 'scenarios')
const scripts = readdirSync(HERE).filter(
  (file) => file.endsWith('.txt') && !file.endsWith('.out.txt'),
)

describe('scenarios of node 1 among four', () => {
  it.each(scripts)('%s', async (script) => {
    const text = readFileSync(join(HERE, script), 'utf8')
    const transcript = new Scenario(1, true).play(text)
    await expect(transcript).toMatchFileSnapshot(join(HERE, script.replace('.txt', '.out.txt')))
  })
})
