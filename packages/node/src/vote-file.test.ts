import { mkdtempSync, rmSync, truncateSync } from 'node:fs'
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
    for (const length of [0, 3, 4, 6]) {
      truncateSync(join(folder, 'votes.1'), length)
      expect(restored()).toContain('kept')
      expect(restored()).not.toContain('torn')
    }
  })

  it('refuse to be written before they are opened', async () => {
    await expect(new VoteFile(folder).persist(utf8('x'))).rejects.toThrow(/not started/)
  })
})
