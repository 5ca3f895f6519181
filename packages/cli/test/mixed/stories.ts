/** What nodes of two implementations go through together. Each story throws where it goes otherwise. */
import { standardSuite } from '@bcos-ts/crypto'
import { Consensus, generateAccount } from '@bcos-ts/sdk'
import { until } from '../../src/local-chain/node-process.ts'
import { readChain4, readNodeIds, Translation } from '../scenario/recording.ts'
import { StepReplay } from '../scenario/replay-steps.ts'
import { Load } from './load.ts'
import type { MixedNetwork, MixedNode } from './network.ts'

const GO_ON_MS = 120_000
const CATCH_UP_MS = 180_000
const BLOCKS_UNDER_LOAD = 5
const BLOCKS_WITHOUT = 3
const MS = 1000
/** Transactions to contracts that our nodes do not offer. */
const PRIVACY = /^(?:Paillier|RingSig|GroupSig) /

export type Say = (line: string) => void

/** One line of the table at the end. */
export interface Outcome {
  readonly what: string
  readonly blocks: number
  readonly transactions: number
  /** Blocks on which the nodes do not agree. */
  readonly disagreements: readonly string[]
}

/** A C++ chain with every kind of transaction; then a node of ours comes, observes, and is made a sealer. */
export async function observe(
  network: MixedNetwork,
  skipped: RegExp | undefined,
  say: Say,
): Promise<readonly Outcome[]> {
  const guest = network.nodes.find(({ kind }) => kind === 'ts')
  if (guest === undefined) throw new Error('there is a node of ours')
  const hosts = network.nodes.filter((node) => node !== guest)
  const [first, second] = hosts
  if (first === undefined || second === undefined) throw new Error('there are C++ nodes')
  await network.start()
  say(await repeatRecording(network, hosts, skipped))

  const joining = await memberChange(first, 'addObserver', guest.member.nodeId)
  const begunMs = performance.now()
  const observed = await network.evenHeight()
  say(
    `${guest.title} has ${observed} blocks after ${secondsSince(begunMs)} s (added in ${joining})`,
  )
  const outcomes = [await compare(network, { what: 'observer, from genesis', from: 0, sent: 0 })]

  const load = await Load.start(network)
  await blocksCome(network, BLOCKS_UNDER_LOAD)
  const added = await memberChange(first, 'addSealer', guest.member.nodeId)
  say(`${guest.title} is a sealer from block ${added + 1}`)
  await loseAndRegain(network, second, say)
  await loseAndRegain(network, guest, say)
  await load.stop()
  const even = await network.evenHeight()
  say(`sealers and signatures: ${await sharesOf(network, added + 1, even)}`)
  const what = 'joined by addObserver, addSealer'
  outcomes.push(await compare(network, { what, from: observed, sent: load.delivered.size }))
  return outcomes
}

/** Sealers of both kinds under load, each lost and regained in turn, and all at once. */
export async function seal(network: MixedNetwork, rounds: number, say: Say): Promise<Outcome> {
  await network.start()
  const load = await Load.start(network)
  for (let round = 0; round < rounds; round++) {
    for (const node of network.nodes) {
      await blocksCome(network, BLOCKS_UNDER_LOAD)
      await loseAndRegain(network, node, say)
    }
  }
  await blocksCome(network, BLOCKS_UNDER_LOAD)
  await loseAll(network, say)
  await load.stop()
  const height = await network.evenHeight()
  say(`sealers and signatures: ${await sharesOf(network, 1, height)}`)
  await expectDelivered(network, load)
  return compare(network, { what: 'sealers', from: 0, sent: load.delivered.size })
}

/** The main recording once more, but for what our nodes do not offer and what the program is said not to have. */
async function repeatRecording(
  { journal }: MixedNetwork,
  hosts: readonly MixedNode[],
  skipped: RegExp | undefined,
): Promise<string> {
  const members = hosts
    .map(({ member }) => member)
    .toSorted((a, b) => (a.nodeId < b.nodeId ? -1 : 1))
  const ids = members.map(({ nodeId }) => nodeId)
  const translation = new Translation(readNodeIds('chain4'), ids)
  const blocks = readChain4().blocks.map(({ number, getBlockByNumber, transactions }) => ({
    number,
    getBlockByNumber,
    transactions: transactions.filter(
      ({ label }) => !PRIVACY.test(label) && skipped?.test(label) !== true,
    ),
  }))
  const recording = {
    blocks: blocks.filter(({ number, transactions: { length } }) => number === 0 || length > 0),
    exchanges: [],
    rejected: [],
  }
  const replay = new StepReplay({ recording, translation, groupId: 1, members, journal })
  await replay.run()
  return `the C++ nodes did ${journal.steps.length} recorded transactions again`
}

async function memberChange(
  at: MixedNode,
  kind: 'addObserver' | 'addSealer',
  nodeId: string,
): Promise<number> {
  const { client } = at.member.process
  const account = generateAccount(standardSuite)
  const { code, message, receipt } = await new Consensus({ client, account })[kind](nodeId)
  if (code !== 1 || receipt === undefined) throw new Error(`${kind}: ${code} ${message}`)
  return receipt.blockNumber
}

async function loseAndRegain(network: MixedNetwork, node: MixedNode, say: Say): Promise<void> {
  const { process } = node.member
  const before = await network.height()
  const killedMs = performance.now()
  await process.kill()
  await blocksCome(network, BLOCKS_WITHOUT)
  const without = secondsSince(killedMs)
  const startedMs = performance.now()
  process.start()
  await until(`${node.title} catches up`, CATCH_UP_MS, async () => {
    const [own, highest] = [await node.member.heightOf(1), await network.height()]
    return own >= before + BLOCKS_WITHOUT && own >= highest - 1
  })
  say(
    `${node.title} killed at block ${before}: ${BLOCKS_WITHOUT} blocks without it in ${without} s, back among the others after ${secondsSince(startedMs)} s`,
  )
}

async function loseAll(network: MixedNetwork, say: Say): Promise<void> {
  const before = await network.height()
  await Promise.all(network.nodes.map(({ member }) => member.process.kill()))
  for (const { member } of network.nodes) member.process.start()
  const startedMs = performance.now()
  await until('blocks come after all were killed', CATCH_UP_MS, async () => {
    return (await network.height()) >= before + BLOCKS_WITHOUT
  })
  say(
    `all killed at block ${before}: ${BLOCKS_WITHOUT} blocks more after ${secondsSince(startedMs)} s`,
  )
}

async function blocksCome(network: MixedNetwork, count: number): Promise<void> {
  const before = await network.height()
  await until(`${count} blocks after ${before}`, GO_ON_MS, async () => {
    return (await network.height()) >= before + count
  })
}

function addOne(counts: Map<string, number>, id: string): void {
  counts.set(id, (counts.get(id) ?? 0) + 1)
}

/** How many blocks each node sealed, and how many it signed. */
async function sharesOf(network: MixedNetwork, from: number, to: number): Promise<string> {
  const [asked] = network.alive
  if (asked === undefined) throw new Error('nobody runs')
  const sealed = new Map<string, number>()
  const signed = new Map<string, number>()
  for (let number = from; number <= to; number++) {
    const name = `0x${number.toString(16)}`
    const header = Object(await asked.member.ask('getBlockHeaderByNumber', 1, name, true))
    const sealers: readonly string[] = header.sealerList
    const signatures: readonly { readonly index: string }[] = header.signatureList
    addOne(sealed, sealers[Number(header.sealer)] ?? '')
    for (const { index } of signatures) addOne(signed, sealers[Number(index)] ?? '')
  }
  return network.nodes
    .map(({ title, member: { nodeId } }) => {
      return `${title} ${sealed.get(nodeId) ?? 0} sealed, ${signed.get(nodeId) ?? 0} signed`
    })
    .join('; ')
}

/** Each receipt that an application got is that of every node. */
async function expectDelivered(network: MixedNetwork, load: Load): Promise<void> {
  for (const [hash, blockNumber] of load.delivered) {
    for (const { member, title } of network.nodes) {
      const receipt = await member.process.client.getTransactionReceipt(hash)
      if (receipt?.blockNumber !== blockNumber) {
        throw new Error(`${title} has ${hash} in ${receipt?.blockNumber}, not in ${blockNumber}`)
      }
    }
  }
}

async function compare(
  network: MixedNetwork,
  { what, from, sent }: { readonly what: string; readonly from: number; readonly sent: number },
): Promise<Outcome> {
  const to = await network.evenHeight()
  const [first] = network.alive
  const total = await first?.member.process.client.getTotalTransactionCount()
  return {
    what,
    blocks: to - from,
    transactions: sent === 0 ? (total?.txSum ?? 0) : sent,
    disagreements: await network.disagreements(from, to),
  }
}

function secondsSince(ms: number): string {
  return ((performance.now() - ms) / MS).toFixed(1)
}
