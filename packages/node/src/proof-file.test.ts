import { mkdtempSync, rmSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLogger, fromUtf8, silentLogger, utf8 } from '@bcos-ts/common'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ProofFile } from './proof-file.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bcos-ts-proof-'))
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

const restored = (): string[] => new ProofFile(folder, silentLogger).restore().map(fromUtf8)

describe('a proof of a commit on disk', () => {
  it('is the newest that was kept, however fast they came', async () => {
    expect(restored()).toEqual([])
    const file = new ProofFile(folder, silentLogger)
    for (let i = 0; i < 50; i++) file.keep(utf8(`proof ${i}`))
    await file.stop()
    expect(restored()).toEqual(['proof 49'])
    file.keep(utf8('short'))
    await file.stop()
    expect(restored()).toEqual(['short'])
  })

  it('that was cut off is read as it is', async () => {
    const file = new ProofFile(folder, silentLogger)
    file.keep(utf8('proof'))
    await file.stop()
    truncateSync(join(folder, 'commit-proof'), 3)
    expect(restored()).toEqual(['pro'])
  })

  it('that cannot be written is told of, and stops nothing', async () => {
    const lines: string[] = []
    const logger = createLogger({
      isOn: () => true,
      write: ({ level, message }) => void lines.push(`${level} ${message}`),
    })
    const file = new ProofFile(join(folder, 'nowhere'), logger)
    file.keep(utf8('proof'))
    await file.stop()
    expect(lines).toEqual(['warn a proof of a commit is not kept: it is gone when this node stops'])
  })
})
