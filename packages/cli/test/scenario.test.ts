/**
 * One story of a network of four processes: every native contract, every JSON-RPC method, groups that come and go,
 * roles that change. Where a real chain recorded the same step, the result must be the same.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask, type Member, type Network, post, soon, startNetwork } from './scenario/network.ts'
import {
  readChain4,
  readGov1,
  recordedNodeIds,
  type Recording,
  Translation,
} from './scenario/recording.ts'
import { type Difference, StepReplay } from './scenario/replay-steps.ts'

let network: Network
/** Everything that was done and compared, in order. */
const steps: string[] = []

beforeAll(async () => {
  network = await startNetwork()
}, 120_000)

afterAll(() => network.chain.dispose(), 60_000)

interface Excuse {
  readonly step: RegExp
  readonly what: RegExp
  readonly reason: string
}

/** What cannot be the same on another network, and what is not offered yet. */
const EXCUSES: readonly Excuse[] = [
  {
    step: /^at start: genesis block$/,
    what: /\.hash$/,
    reason: 'the hash of a block with other sealers',
  },
  {
    step: /^at start: client version$/,
    what: /\.(?:Build|Git)/,
    reason: 'says who built the node',
  },
  { step: /^at start: nodes$/, what: /result$/, reason: 'in order of connection' },
  {
    step: /^at start: node info$/,
    what: /\.(?:IPAndPort|Node)$/,
    reason: 'where the node is',
  },
  {
    step: /^Counter env /,
    what: /output$|receiptsRoot$/,
    reason: 'answers with the time and the hash of the block before',
  },
  {
    step: /^(?:Paillier|RingSig|GroupSig) /,
    what: /^(?:receipt|header)\./,
    reason: 'contracts of privacy are not offered yet',
  },
]

function expectOnlyExcused(differences: readonly Difference[], excuses: readonly Excuse[]): void {
  const isExcused = ({ label, what }: Difference) =>
    excuses.some((excuse) => excuse.step.test(label) && excuse.what.test(what))
  expect(differences.filter((one) => !isExcused(one))).toEqual([])
  const isNeeded = ({ step, what }: Excuse) =>
    differences.some((one) => step.test(one.label) && what.test(one.what))
  expect(excuses.filter((one) => !isNeeded(one))).toEqual([])
}

interface Story {
  readonly recording: Recording
  readonly name: 'chain4' | 'gov1'
  readonly groupId: number
  readonly members: readonly Member[]
  readonly excuses: readonly Excuse[]
}

async function tell({ recording, name, groupId, members, excuses }: Story): Promise<StepReplay> {
  const ids = members.map(({ nodeId }) => nodeId)
  const translation = new Translation(recordedNodeIds(name), ids, groupId)
  const replay = new StepReplay({ recording, translation, groupId, members })
  await replay.run(0, recording.blocks.length - 1)
  steps.push(...replay.steps)
  expectOnlyExcused(replay.differences, excuses)
  return replay
}

describe('a network of four processes', () => {
  const chain4 = readChain4()

  it('gives the results of the recorded chain, through every kind of contract', async () => {
    const { members } = network
    await tell({ recording: chain4, name: 'chain4', groupId: 1, members, excuses: EXCUSES })
  }, 600_000)

  it('refuses the transactions that the recorded chain refused, in its words', async () => {
    const { members } = network
    for (const { label, raw, error } of chain4.rejected) {
      const request = { jsonrpc: '2.0', method: 'sendRawTransaction', params: [1, raw], id: 1 }
      const answer = await post(members[2]!, request)
      steps.push(label)
      const words = /= (\w+)/.exec(error.message)?.[1] ?? error.message
      expect(answer['error'], label).toMatchObject({ code: error.code })
      expect(JSON.stringify(answer['error']), label).toContain(words)
    }
  }, 60_000)

  it('is of one mind: all nodes hold the same blocks', async () => {
    await expectEqualChains(1, network.members)
  }, 120_000)

  it('governs itself as recorded, in a group of one that was made a moment ago', async () => {
    const members = network.members.slice(0, 1)
    const [alone] = members
    const params = { timestamp: '1795327204000', sealers: [alone!.nodeId] }
    expect(await ask(alone!, 'generateGroup', 3, params)).toMatchObject({ code: '0x0' })
    expect(await ask(alone!, 'startGroup', 3)).toMatchObject({ code: '0x0' })
    await tell({ recording: readGov1(), name: 'gov1', groupId: 3, members, excuses: [] })
  }, 300_000)
})

async function expectEqualChains(groupId: number, members: readonly Member[]): Promise<void> {
  const heightOf = async (one: Member) => Number(await ask(one, 'getBlockNumber', groupId))
  const height = Math.max(...(await Promise.all(members.map(heightOf))))
  await soon(`all reach block ${height}`, async () =>
    (await Promise.all(members.map(heightOf))).every((one) => one === height),
  )
  for (let number = 0; number <= height; number++) {
    const hashes = await Promise.all(
      members.map((one) => ask(one, 'getBlockHashByNumber', groupId, `0x${number.toString(16)}`)),
    )
    expect(new Set(hashes).size, `hashes of block ${number}`).toBe(1)
  }
}
