import { join } from 'node:path'
import { concatBytes, fromHex, systemRandom, toHex } from '@bcos-ts/common'
import {
  checkSyncedBlock,
  committeeOf,
  isRotation,
  Rotation,
  rotationDue,
  rotationTransaction,
} from '@bcos-ts/consensus'
import { vrfProve, vrfPublicKey, vrfVerify } from '@bcos-ts/crypto/vrf'
import { chainContracts, openChain, openRecordings } from '@bcos-ts/node'
import { decodeBlock, type Transaction, TransactionStatus } from '@bcos-ts/protocol'
import { decodeAbi, encodeAbi, selectorOf } from '@bcos-ts/protocol/abi'
import { createMemoryStorage } from '@bcos-ts/storage-crud'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Cluster, suites, until } from './cluster.ts'

const RECORDING = join(import.meta.dirname, '..', 'vectors', 'recordings', 'rpbft4')
const suite = suites.standard

const textsOf = ({ data }: Transaction): readonly string[] =>
  decodeAbi(
    ['string', 'string', 'string'].map((type) => ({ name: '', type })),
    data.subarray(4),
  ).map(String)

/** What stays when chance, key and signature are taken away. */
const shapeOf = (transaction: Transaction): unknown => {
  const { gasPrice, gas, blockLimit, to, value, chainId, groupId, extraData, data } = transaction
  const selector = toHex(data.subarray(0, 4))
  const lengths = textsOf(transaction).map((text) => text.length)
  const alike = { gasPrice, gas, blockLimit, to, value, chainId, groupId, extraData }
  return { ...alike, selector, lengths, input: textsOf(transaction)[1], bytes: data.length }
}

describe('the recorded chain with three working sealers and epochs of five blocks', () => {
  it('agrees, block by block, with who works here, when they change, and what a leader has to do for it', async () => {
    const [recording] = openRecordings(RECORDING)
    if (recording === undefined) throw new Error('the recording is missing')
    const storage = createMemoryStorage()
    await storage.start()
    const { native, ethereum } = chainContracts(suites)
    const { genesis } = recording
    const { store, executor } = await openChain({ suite, storage, genesis, native, ethereum })
    const keys = suite.keyPair(systemRandom.bytes(32))
    const secret = toHex(keys.secretKey)
    const lottery = {
      publicKey: vrfPublicKey(secret),
      prove: (input: string) => vrfProve(secret, input, { form: 'bytes' }),
    }
    const ours = { suite, keys, random: systemRandom, lottery, chainId: 1, groupId: 1 }
    const rotation = new Rotation({ ...ours, chain: { ...withMethods(store) } })
    let rotations = 0
    for await (const recorded of recording.blocks()) {
      if (recorded.number === 0) continue
      const { block, hash } = decodeBlock(fromHex(recorded.blockRlp), suite)
      const { sealers, workingSealers } = store.membership()
      expect(workingSealers).toEqual(block.header.sealerList)
      const committee = committeeOf({ sealers, workingSealers }, '')
      const verdict = checkSyncedBlock(block, hash, { committee, txCountLimit: 1000, suite })
      expect(verdict.refusal).toBeUndefined()

      const [first] = block.transactions
      const isRotating = first !== undefined && isRotation(first)
      expect(rotationDue(store)).toEqual({ isDue: isRotating, isRequired: isRotating })
      const executed = executor.execute(block)
      const proposer = sealers[Number(block.header.sealer)] ?? ''
      expect(rotation.refuses(executed.block, proposer)).toBeUndefined()
      if (isRotating) {
        rotations++
        const parentHash = toHex(store.headHash())
        const height = store.height()
        const made = rotationTransaction({ ...ours, height, parentHash })
        expect(shapeOf(made)).toEqual(shapeOf(first))
        const [publicKey = '', input = '', proof = ''] = textsOf(first)
        expect([input, vrfVerify(publicKey, input, proof)]).toEqual([parentHash, true])

        const without = { ...executed.block, transactions: block.transactions.slice(1) }
        expect(rotation.refuses(without, proposer)).toMatch(/does not come first/)
        const foreign = { ...executed.block, transactions: [made] }
        expect(rotation.refuses(foreign, proposer)).toMatch(/another node/)
        const [receipt] = executed.block.receipts
        const status = TransactionStatus.precompiledError
        const failed = receipt === undefined ? [] : [{ ...receipt, status }]
        expect(rotation.refuses({ ...executed.block, receipts: failed }, proposer)).toMatch(
          /refuses the rotation/,
        )
      }
      await store.commit({ block, hash, tables: executed.tables }, block.signatures)
    }
    expect(rotations).toBe(6)
    await storage.stop()
  })
})

function withMethods(store: Awaited<ReturnType<typeof openChain>>['store']) {
  return {
    head: () => store.head(),
    headHash: () => store.headHash(),
    membership: () => store.membership(),
    systemConfig: (key: string) => store.systemConfig(key),
    block: (number: number) => store.block(number),
    commitProof: () => undefined,
    commit: () => Promise.reject(new Error('the test commits itself')),
  }
}

describe('four nodes, three of which work for two blocks at a time', () => {
  let cluster: Cluster
  beforeAll(async () => {
    cluster = new Cluster({
      groups: { 1: [0, 1, 2, 3] },
      size: 4,
      alterGenesis: (text) =>
        text
          .replace('consensus_type=pbft', 'consensus_type=rpbft')
          .replace('epoch_sealer_num=4', 'epoch_sealer_num=3')
          .replace('epoch_block_num=1000', 'epoch_block_num=2'),
    })
    await cluster.start()
  })
  afterAll(() => cluster.stop())

  const transfer = '5002'.padStart(40, '0')
  const reach = async (height: number): Promise<void> => {
    await until(`block ${height}`, () => {
      const [node] = cluster.nodes
      if (
        node !== undefined &&
        node.heightOf(1) < height &&
        node.running.service.group(1)?.pool.size() === 0
      ) {
        node.submit(1, transfer, systemRandom.bytes(8))
      }
      return node !== undefined && node.heightOf(1) >= height
    })
    await cluster.allReach(1, height)
  }
  const header = (number: number) => cluster.nodes[0]?.blockAt(1, number)?.header
  const isRotatingAt = (number: number): boolean => {
    const first = cluster.nodes[0]?.blockAt(1, number)?.transactions[0]
    return first !== undefined && isRotation(first)
  }
  const setConfig = (key: string, value: string): void => {
    const call = selectorOf('setValueByKey(string,string)', suite)
    const data = concatBytes(call, encodeAbi(['string', 'string'], [key, value]))
    cluster.nodes[0]?.submit(1, '1000'.padStart(40, '0'), data)
  }

  it('change who works after every second block, with equal blocks everywhere', async () => {
    await reach(11)
    const rotating = Array.from({ length: 11 }, (_, i) => isRotatingAt(i + 1))
    expect(rotating).toEqual([
      false,
      false,
      true,
      false,
      true,
      false,
      true,
      false,
      true,
      false,
      true,
    ])
    const lists = Array.from({ length: 11 }, (_, i) => header(i + 1)?.sealerList.join() ?? '')
    expect(lists.every((list, i) => i === 0 || (list === lists[i - 1]) === !rotating[i - 1])).toBe(
      true,
    )
    for (let number = 1; number <= 11; number++) {
      expect(new Set(cluster.nodes.map((node) => node.hashAt(1, number))).size).toBe(1)
      const block = cluster.nodes[0]?.blockAt(1, number)
      const rotated = block?.receipts[0]?.status
      if (isRotatingAt(number)) expect(rotated).toBe(0)
    }
  })

  it('answer as recorded nodes of rPBFT do, those who work and the one who does not', async () => {
    const working = cluster.nodes[0]?.running.service.group(1)?.chain.membership().workingSealers
    expect(await cluster.nodes[0]?.result('getEpochSealersList', 1)).toEqual(working)
    const all = cluster.nodes.map(({ nodeId }) => nodeId).toSorted()
    for (const node of cluster.nodes) {
      const answer: unknown = await node.result('getConsensusStatus', 1)
      expect(answer).toEqual([
        expect.objectContaining({
          accountType: 1,
          cfgErr: false,
          max_faulty_leader: 0,
          node_index: all.indexOf(node.nodeId),
          nodeNum: 4,
          protocolId: 65_544,
          'sealer.3': all[3],
        }),
        expect.anything(),
      ])
    }
  })

  it('are as many as the system configuration says, from the block after the next on', async () => {
    const workers = (): number =>
      cluster.nodes[0]?.running.service.group(1)?.chain.membership().workingSealers.length ?? 0
    const height = (): number => cluster.nodes[0]?.heightOf(1) ?? 0
    setConfig('rpbft_epoch_sealer_num', '2')
    await until('two work', () => workers() === 2)
    // The block that rotates needs no transaction of anybody.
    expect(isRotatingAt(height())).toBe(true)
    setConfig('rpbft_epoch_sealer_num', '4')
    await until('all work', () => workers() === 4)
    expect(header(height())?.sealerList).toHaveLength(2)
    // Nobody waits: rotations are made, and change nothing.
    setConfig('rpbft_epoch_block_num', '3')
    const setAt = height() + 1
    await reach(setAt + 5)
    const config = cluster.nodes[0]?.running.service
      .group(1)
      ?.chain.systemConfig('rpbft_epoch_block_num')
    const from = config?.enableNumber ?? 0
    expect(config?.value).toBe('3')
    await reach(from + 5)
    const rotating = [1, 2, 3, 4, 5].map((after) => isRotatingAt(from + after))
    expect(rotating).toEqual([true, false, false, true, false])
    expect(header(from + 5)?.sealerList).toHaveLength(4)
  })
})
