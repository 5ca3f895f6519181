import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fromUtf8, utf8 } from '@bcos-ts/common'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { VoteFile } from './vote-file.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bcos-ts-votes-'))
})

afterEach(() => rmSync(folder, { recursive: true }))

const restored = (): string[] => new VoteFile(folder).restore().map(fromUtf8)

/** A restart, and a crash in the middle of the first write: half of what the slot holds then reaches the disk. */
async function tearNextWrite(): Promise<void> {
  const before = slots()
  const votes = new VoteFile(folder)
  await votes.start()
  await votes.persist(utf8('torn'))
  await votes.stop()
  for (const [name, bytes] of slots()) {
    if (bytes === before.get(name)) continue
    const path = join(folder, name)
    truncateSync(path, 16)
  }
}

const slots = (): ReadonlyMap<string, string> =>
  new Map(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'hex')]))

describe('votes on disk', () => {
  it('begin with nothing, and are there again after a restart', async () => {
    const votes = new VoteFile(folder)
    await votes.start()
    expect(restored()).toEqual([])
    await votes.persist(utf8('first'))
    await votes.persist(utf8('the second one'))
    await votes.persist(utf8('3rd'))
    await votes.stop()
    expect(restored()).toContain('3rd')
    expect(restored()).toContain('the second one')
    const again = new VoteFile(folder)
    await again.start()
    await again.persist(utf8('4th'))
    await again.stop()
    expect(restored()).toContain('4th')
  })

  it('survive in one file when the other was cut off', async () => {
    const votes = new VoteFile(folder)
    await votes.start()
    await votes.persist(utf8('kept'))
    await votes.persist(utf8('torn'))
    await votes.stop()
    for (const length of [0, 3, 12, 15]) {
      truncateSync(join(folder, 'votes.1'), length)
      expect(restored()).toContain('kept')
      expect(restored()).not.toContain('torn')
    }
  })

  it('are written after a restart where the newest record is not', async () => {
    for (const count of [1, 2, 3, 4]) {
      for (const tornFirst of [false, true]) {
        rmSync(folder, { recursive: true })
        mkdirSync(folder)
        const votes = new VoteFile(folder)
        await votes.start()
        for (let i = 1; i <= count; i++) await votes.persist(utf8(`record ${i}`))
        await votes.stop()
        // The process dies while it writes on, and again while it writes the first record after its restart.
        if (tornFirst) await tearNextWrite()
        await tearNextWrite()
        expect(restored()).toContain(`record ${count}`)
      }
    }
  })

  it('refuse to be written before they are opened', async () => {
    await expect(new VoteFile(folder).persist(utf8('x'))).rejects.toThrow(/not started/)
  })
})
