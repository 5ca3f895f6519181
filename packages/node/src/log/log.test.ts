import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLogger } from '@bcos-ts/common'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FileSink } from './file-sink.ts'

const START_MS = new Date(2026, 10, 22, 9, 5, 7, 42).getTime()
const HOUR_MS = 3_600_000

let folder: string
let nowMs: number
let sink: FileSink

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bcos-ts-log-'))
  nowMs = START_MS
  sink = new FileSink({
    path: join(folder, 'log'),
    level: 'info',
    fileBytesMax: 1000,
    isFlushed: true,
    clock: { nowMs: () => nowMs },
  })
})

afterEach(() => {
  sink.close()
  rmSync(folder, { recursive: true })
})

const files = (): string[] => readdirSync(join(folder, 'log')).toSorted()
const read = (name: string): string => readFileSync(join(folder, 'log', name), 'utf8')

describe('log file', () => {
  it('has records in the form that monitoring of 2.x reads', () => {
    const logger = createLogger(sink).child('g:1', 'CONSENSUS').child('PBFT')
    logger.info('^^^^^^^^Report', { num: 5, tx: 2n, hash: 'abc...' })
    expect(read('log_2026112209.00.log')).toBe(
      'info|2026-11-22 09:05:07.042000|[g:1][CONSENSUS][PBFT]^^^^^^^^Report,num=5,tx=2,hash=abc...\n',
    )
  })

  it('leaves out what is below its level, and fields without a value', () => {
    const logger = createLogger(sink)
    logger.debug('quiet')
    logger.warn('loud', { reason: undefined })
    expect(read('log_2026112209.00.log')).toMatch(/^warning\|.*\|loud\n$/)
  })

  it('keeps a record on one line, whatever a peer has put into it', () => {
    createLogger(sink).info('from a peer', { reason: 'x\ninfo|2026|[g:1]forged' })
    expect(read('log_2026112209.00.log').trimEnd().split('\n')).toHaveLength(1)
  })

  it('begins a new file with the hour, and another when one is full', () => {
    const logger = createLogger(sink)
    for (let i = 0; i < 12; i++) logger.info('x'.repeat(100))
    nowMs += HOUR_MS
    logger.info('next hour')
    expect(files()).toEqual([
      'log_2026112209.00.log',
      'log_2026112209.01.log',
      'log_2026112210.00.log',
    ])
    expect(read('log_2026112210.00.log')).toContain('next hour')
  })
})
