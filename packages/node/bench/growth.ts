/**
 * How the cost of a native transfer grows: executor and storage, in one process, without signatures.
 *
 *     pnpm --filter @bcos-ts/node bench:growth block|state|length|groups [largest]
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cachedStorage } from '@bcos-ts/storage-crud'
import { createLevelStorage } from '@bcos-ts/storage-crud/level'
import { type BenchChain, benchChain } from './chain.ts'
import { addUsers, type Transfer, transferMaker } from './transfers.ts'

const write = (line: string): void => void process.stdout.write(`${line}\n`)
const status = (text: string): void => void process.stderr.write(`\r\u001b[K${text}`)

const USERS = 20_000
const BLOCK = 1000
const MEASURED = 40_000
const THOUSAND = 1000

const folder = mkdtempSync(join(tmpdir(), 'bcos-ts-bench-'))
const chains: BenchChain[] = []
let nonces = 0

/** A chain with some users, in the database and behind the cache that a node has. */
async function openChain(): Promise<Subject> {
  const path = join(folder, String(chains.length))
  const chain = await benchChain(cachedStorage(createLevelStorage({ path })))
  chains.push(chain)
  await addUsers(chain, { from: 0, to: USERS })
  const subject = { chain, users: USERS, transfer: transferMaker(chain) }
  await measure(subject, BLOCK)
  return subject
}

interface Subject {
  readonly chain: BenchChain
  readonly users: number
  readonly transfer: ReturnType<typeof transferMaker>
}

/** Users far apart from each other: a large state has to be looked up. */
function nextTransfer(users: number): Transfer {
  nonces += 1
  const from = (nonces * 7919) % users
  return { nonce: nonces, from, to: (from + Math.floor(users / 2)) % users }
}

/** CPU and wall time of a transfer, µs. */
interface Cost {
  readonly cpuUs: number
  readonly wallUs: number
}

async function measure(
  { chain, users, transfer }: Subject,
  block: number,
  count = MEASURED,
): Promise<Cost> {
  const blocks = Array.from({ length: Math.ceil(count / block) }, () =>
    Array.from({ length: block }, () => transfer(nextTransfer(users))),
  )
  const cpu = process.cpuUsage()
  const startMs = performance.now()
  for (const transactions of blocks) {
    const { block: mined } = await chain.mine(transactions)
    if (mined.receipts.some(({ status: code }) => code !== 0)) throw new Error('a transfer failed')
  }
  const { user, system } = process.cpuUsage(cpu)
  const transfers = blocks.length * block
  return {
    cpuUs: (user + system) / transfers,
    wallUs: (THOUSAND * (performance.now() - startMs)) / transfers,
  }
}

function report(what: string, { cpuUs, wallUs }: Cost): void {
  status('')
  const rss = process.memoryUsage().rss / 2 ** 20
  write(
    `${what.padStart(24)}  ${cpuUs.toFixed(1).padStart(7)} µs CPU  ${wallUs.toFixed(1).padStart(7)} µs  ${rss.toFixed(0).padStart(5)} MiB`,
  )
}

const powersOfTen = (from: number, to: number): number[] =>
  from > to ? [] : [from, ...powersOfTen(10 * from, to)]

const GROWTHS: Readonly<Record<string, (largest: number | undefined) => Promise<void>>> = {
  async block(largest = 10_000) {
    const subject = await openChain()
    for (const size of powersOfTen(1, largest)) {
      report(`blocks of ${size}`, await measure(subject, size, Math.min(MEASURED, THOUSAND * size)))
    }
  },
  async state(largest = 1_000_000) {
    const subject = await openChain()
    let users = USERS
    for (const rows of powersOfTen(THOUSAND, largest)) {
      if (rows > users) {
        await addUsers(subject.chain, { from: users, to: rows }, (done) => status(`${done} rows`))
        users = rows
      }
      report(`${rows} rows`, await measure({ ...subject, users: rows }, BLOCK))
    }
  },
  async length(largest = 100_000) {
    const subject = await openChain()
    for (const height of powersOfTen(THOUSAND, largest)) {
      while (subject.chain.store.height() < height) {
        await subject.chain.mine([subject.transfer(nextTransfer(USERS))])
        if (subject.chain.store.height() % THOUSAND === 0) {
          status(`height ${subject.chain.store.height()}`)
        }
      }
      report(`height ${height}`, await measure(subject, BLOCK))
    }
  },
  async groups(largest = 16) {
    const subjects: Subject[] = []
    for (let count = 1; count <= largest; count *= 4) {
      while (subjects.length < count) subjects.push(await openChain())
      const parts: Cost[] = []
      for (const subject of subjects) parts.push(await measure(subject, BLOCK, MEASURED / count))
      const mean = (of: keyof Cost): number =>
        parts.reduce((sum, part) => sum + part[of], 0) / parts.length
      report(`${count} groups`, { cpuUs: mean('cpuUs'), wallUs: mean('wallUs') })
    }
  },
}

const [name = '', largest] = process.argv.slice(2)
const grow = GROWTHS[name]
if (grow === undefined) {
  write(`give one of: ${Object.keys(GROWTHS).join(', ')}`)
  process.exitCode = 2
} else {
  await grow(largest === undefined ? undefined : Number(largest))
}
for (const { storage } of chains) await storage.stop()
rmSync(folder, { recursive: true })
