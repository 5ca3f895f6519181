/** What must be true when all is over, looked at on every node. */
import type { Client } from '@bcos-ts/sdk'
import { Deeds, type Sums } from './deeds.ts'
import type { Load, Receipt, Sent } from './load.ts'
import type { Victim } from './victim.ts'

/** What a block is, apart from who signed it: each node keeps the first quorum that it saw. */
const FACTS = [
  'hash',
  'stateRoot',
  'dbHash',
  'receiptsRoot',
  'transactionsRoot',
  'transactions',
] as const
const BATCH = 20
const SHOWN = 10

export interface Verdict {
  readonly blocks: number
  readonly mined: number
  /** Accepted, and not mined before their time was over. */
  readonly expired: number
  /** Accepted by a node that was killed before it told others. */
  readonly diedWithNode: number
  readonly complaints: readonly string[]
}

export async function judge(
  victims: readonly Victim[],
  height: number,
  load: Load,
): Promise<Verdict> {
  const complaints = await disagreements(victims, height)
  const [first] = victims
  if (first === undefined) throw new Error('there are no nodes')
  const mined = await minedBy(first.patient, height, complaints)
  complaints.push(...brokenPromises(load.sent.values(), mined))
  complaints.push(...(await unlikeReceipts(victims, load)))
  const unmined = [...load.sent.values()].filter(
    ({ hash, acceptedAtKills }) => acceptedAtKills !== undefined && !mined.has(hash),
  )
  const isLost = ({ node, acceptedAtKills, blockLimit }: Sent): boolean =>
    acceptedAtKills === victims[node]?.kills && blockLimit > height
  for (const { hash, node, blockLimit } of unmined.filter(isLost)) {
    complaints.push(
      `${hash}: node${node} took it, was never killed, and lost it (until block ${blockLimit})`,
    )
  }
  for (const { node, patient } of victims) {
    complaints.push(...wrongSums(node.name, await load.deeds.sums(patient), load, mined))
  }
  return {
    blocks: height,
    mined: mined.size,
    expired: unmined.filter(({ blockLimit }) => blockLimit <= height).length,
    diedWithNode: unmined.filter(({ blockLimit }) => blockLimit > height).length,
    complaints: complaints.slice(0, SHOWN),
  }
}

/** Blocks on which nodes do not agree, in themselves or in their receipts. */
async function disagreements(victims: readonly Victim[], height: number): Promise<string[]> {
  const complaints: string[] = []
  for (let number = 0; number <= height; number++) {
    const said = await Promise.all(victims.map(({ patient }) => blockAndReceipts(patient, number)))
    if (new Set(said).size > 1) {
      complaints.push(`block ${number} is not the same on all nodes: ${said.join(' / ')}`)
    }
  }
  return complaints
}

async function blockAndReceipts(client: Client, number: number): Promise<string> {
  const name = `0x${number.toString(16)}`
  const block = Object(await client.request('getBlockByNumber', name, false))
  const facts = FACTS.map((fact): unknown => block[fact])
  if (block.transactions.length === 0) return JSON.stringify(facts)
  const method = 'getBatchReceiptsByBlockNumberAndRange'
  const receipts = await client.request(method, name, '0', '-1', false)
  return JSON.stringify([facts, receipts])
}

/** Where each transaction is; one that is in two blocks is a complaint. */
async function minedBy(
  client: Client,
  height: number,
  complaints: string[],
): Promise<Map<string, Receipt>> {
  const mined = new Map<string, Receipt>()
  for (let number = 1; number <= height; number++) {
    const { transactions, hash: blockHash } = await client.getBlockByNumber(number)
    if (transactions.length === 0) continue
    const { receipts } = await client.getBatchReceiptsByBlockNumberAndRange(number)
    for (const [index, hash] of transactions.entries()) {
      const before = mined.get(hash)
      if (before !== undefined) {
        complaints.push(`${hash} is in block ${before.blockNumber} and in ${number}`)
      }
      const status = receipts[index]?.status ?? -1
      mined.set(hash, { blockNumber: number, blockHash, status })
    }
  }
  return mined
}

/** Receipts that were given, and are not true. */
function* brokenPromises(sent: Iterable<Sent>, mined: Map<string, Receipt>): Generator<string> {
  for (const { hash, receipt } of sent) {
    if (receipt === undefined) continue
    const kept = mined.get(hash)
    const given = JSON.stringify(receipt)
    if (JSON.stringify(kept) !== given) {
      yield `${hash}: the receipt said ${given}, the chain has ${JSON.stringify(kept)}`
    }
  }
}

/** Every receipt that was given is asked for once more, of all nodes in turn. */
async function unlikeReceipts(victims: readonly Victim[], { sent }: Load): Promise<string[]> {
  const given = [...sent.values()].filter(({ receipt }) => receipt !== undefined)
  const complaints: string[] = []
  for (let from = 0; from < given.length; from += BATCH) {
    await Promise.all(
      given.slice(from, from + BATCH).map(async ({ hash, receipt }, index) => {
        const { node, patient } = victims[(from + index) % victims.length]!
        const now = await patient.getTransactionReceipt(hash)
        if (now?.blockHash !== receipt?.blockHash || now?.status !== receipt?.status) {
          complaints.push(`${hash}: ${node.name} has another receipt, or none`)
        }
      }),
    )
  }
  return complaints
}

function* wrongSums(
  name: string,
  sums: Sums,
  { sent }: Load,
  mined: Map<string, Receipt>,
): Generator<string> {
  const good = [...sent.values()].filter(({ hash }) => mined.get(hash)?.status === 0)
  const count = good.reduce((sum, { amount }) => sum + amount, 0n)
  const rows = good.filter(({ kind }) => kind === 'table').length
  if (sums.money !== Deeds.money)
    yield `${name}: there are ${sums.money} of ${Deeds.money} of money`
  if (sums.count !== count) yield `${name}: the contract counts ${sums.count}, blocks say ${count}`
  if (sums.rows !== rows) yield `${name}: the table has ${sums.rows} rows, blocks say ${rows}`
}
