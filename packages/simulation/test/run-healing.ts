/**
 * How long a group needs for its next block when an outage is over, over many seeds:
 *
 *     pnpm --filter @bcos-ts/simulation healing 100
 */
import { argv, stdout } from 'node:process'
import { healingMs, OUTAGES, quantiles } from './healing.ts'

const LASTED_MS = [1000, 60_000, 600_000, 3_600_000]
/** An hour of virtual time takes seconds of computing. */
const LONG_SHARE = 0.2
const seeds = Number(argv[2] ?? '20')
const write = (cells: readonly (string | number)[]): void =>
  void stdout.write(`| ${cells.join(' | ')} |\n`)
const seconds = (ms: number): string => (ms / 1000).toFixed(2)

write(['outage', 'lasted', 'seeds', 'median', '95 %', '99 %', 'longest'])
write(['---', '--:', '--:', '--:', '--:', '--:', '--:'])
for (const outage of OUTAGES) {
  for (const lastedMs of LASTED_MS) {
    const took: number[] = []
    const count = lastedMs > 60_000 ? Math.ceil(LONG_SHARE * seeds) : seeds
    for (let seed = 1; seed <= count; seed++) took.push(await healingMs({ outage, lastedMs, seed }))
    const { p50, p95, p99, max } = quantiles(took)
    write([outage.name, `${lastedMs / 1000} s`, count, ...[p50, p95, p99, max].map(seconds)])
  }
}
