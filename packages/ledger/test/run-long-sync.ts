/**
 * Synchronisation of a long chain on real time and real databases, with all faults of `long-sync.ts`:
 *
 *     pnpm --filter @bcos-ts/ledger sync:long          100,000 blocks
 *     pnpm --filter @bcos-ts/ledger sync:long 10000    so many
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { argv, cpuUsage, memoryUsage, stdout } from 'node:process'
import {
  createLogger,
  type LogRecord,
  systemClock,
  systemRandom,
  systemTimers,
} from '@bcos-ts/common'
import type { TableStorage } from '@bcos-ts/protocol/ports'
import { createLevelStorage } from '@bcos-ts/storage-crud/level'
import { longSync, mineLong } from './long-sync.ts'

const MEBIBYTE = 2 ** 20
const QUEUE_BYTES_MAX = 1_048_576
const LIMIT_MS = 3_600_000

const write = (line: string): void => void stdout.write(`${line}\n`)
const blocks = Number(argv[2] ?? '100000')

/** Of this process, s. */
function cpuSeconds(): number {
  const { user, system } = cpuUsage()
  return (user + system) / 1_000_000
}

const world = {
  nowMs: () => systemClock.nowMs(),
  after: (delayMs: number, run: () => void) => systemTimers.after(delayMs, run),
  random: systemRandom,
  pass: (ms: number) => new Promise((resolve) => void setTimeout(resolve, ms)),
}

function tell({ message, fields }: LogRecord): void {
  if (message !== 'Download progress') return
  const { number, known, blocksPerSecond, leftSeconds } = fields
  write(`  ${number} of ${known}, ${blocksPerSecond} blocks/s, ${leftSeconds} s left`)
}

/** CPU seconds of each tenth: they would rise, did the work for a block depend on how many there are. */
class Tenths {
  readonly seconds: number[] = []
  #atSeconds = cpuSeconds()

  note(height: number): void {
    if (height < ((this.seconds.length + 1) * blocks) / 10) return
    const now = cpuSeconds()
    this.seconds.push(now - this.#atSeconds)
    this.#atSeconds = now
  }
}

const folder = mkdtempSync(join(tmpdir(), 'bcos-ts-long-sync-'))
try {
  const peers = createLevelStorage({ path: join(folder, 'peers') })
  await peers.start()
  write(`making ${blocks} blocks`)
  await mineLong(peers, blocks, (number) => {
    if (number % 5000 === 0) write(`  ${number}`)
  })
  globalThis.gc?.()
  const before = memoryUsage()
  const peak = { rss: 0, heapUsed: 0 }
  const tenths = new Tenths()
  let own: TableStorage | undefined
  const startMs = systemClock.nowMs()
  const startSeconds = cpuSeconds()
  const report = await longSync({
    blocks,
    world,
    peers,
    openLate: async () => {
      await own?.stop()
      own = createLevelStorage({ path: join(folder, 'late') })
      await own.start()
      return own
    },
    queueBytesMax: QUEUE_BYTES_MAX,
    limitMs: LIMIT_MS,
    logger: createLogger({ isOn: (level) => level !== 'trace' && level !== 'debug', write: tell }),
    onStep: (height) => {
      const { rss, heapUsed } = memoryUsage()
      peak.rss = Math.max(peak.rss, rss)
      peak.heapUsed = Math.max(peak.heapUsed, heapUsed)
      tenths.note(height)
    },
  })
  const seconds = (systemClock.nowMs() - startMs) / 1000
  const cpu = cpuSeconds() - startSeconds
  await own?.stop()
  await peers.stop()
  globalThis.gc?.()
  const inMebibytes = (bytes: number): string => `${Math.round(bytes / MEBIBYTE)} MiB`
  write(JSON.stringify(report))
  write(`${(blocks / seconds).toFixed(0)} blocks/s over ${seconds.toFixed(0)} s`)
  write(`${((1000 * cpu) / blocks).toFixed(2)} ms of CPU a block, all five nodes`)
  write(`CPU seconds by tenth: ${tenths.seconds.map((one) => one.toFixed(1)).join(' ')}`)
  write(`resident: ${inMebibytes(before.rss)} before, ${inMebibytes(peak.rss)} at most`)
  write(
    `heap: ${inMebibytes(before.heapUsed)} before, ${inMebibytes(peak.heapUsed)} at most, ${inMebibytes(memoryUsage().heapUsed)} after`,
  )
} finally {
  rmSync(folder, { recursive: true, force: true })
}
