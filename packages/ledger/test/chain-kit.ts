/**
 * A chain of real parts for tests: storage, block store, executor and interpreter are those of the node. What
 * other packages bring is modelled here: one native contract that changes the members, and an engine that
 * wants a quorum of signatures.
 */
import { EMPTY_BYTES, fromHex, toHex } from '@bcos-ts/common'
import { nodeIdOf } from '@bcos-ts/crypto'
import { createNodeSuites } from '@bcos-ts/crypto/node'
import { createInterpreter, tableAccountState } from '@bcos-ts/evm-adapter'
import { createBlockExecutor } from '@bcos-ts/executor'
import { createGenesis, openBlockStore } from '@bcos-ts/ledger'
import {
  type Block,
  type BlockSignature,
  type CryptoSuite,
  GENESIS_DEFAULTS,
  type KeyPair,
  merkleRoot,
  type NodeId,
  signTransaction,
  SystemTableName,
  type Transaction,
  type TransactionFields,
  ZERO_HASH,
} from '@bcos-ts/protocol'
import type {
  BlockExecutor,
  BlockStore,
  ConsensusEngine,
  EthereumContracts,
  ExecutedBlock,
  NativeContracts,
  StateTables,
  SyncedBlockVerdict,
  TableStorage,
} from '@bcos-ts/protocol/ports'
import { createBlockTables, createMemoryStorage } from '@bcos-ts/storage-crud'

export const suite: CryptoSuite = (await createNodeSuites()).standard
export const CHAIN_ID = 1
export const GROUP_ID = 1

const ACCOUNT: KeyPair = suite.keyPair(new Uint8Array(32).fill(0xac))

/** Identities of nodes, in ascending order of their ids. */
export interface TestNode {
  readonly keys: KeyPair
  readonly id: NodeId
}

export function testNodes(count: number): readonly TestNode[] {
  const nodes = Array.from({ length: count }, (_, i) => {
    const secret = new Uint8Array(32).fill(0x11)
    secret[30] = i >> 8
    secret[31] = i & 0xff
    const keys = suite.keyPair(secret)
    return { keys, id: nodeIdOf(keys.publicKey) }
  })
  return nodes.toSorted((a, b) => (a.id < b.id ? -1 : 1))
}

export interface TestChain {
  readonly storage: TableStorage
  readonly store: BlockStore
  readonly executor: BlockExecutor
}

/** The chain of a group in which the given nodes seal. */
export function openTestChain(
  sealers: readonly TestNode[],
  storage?: TableStorage,
): Promise<TestChain> {
  const ids = sealers.map(({ id }) => id)
  return openChain({ sealers: ids, timestamp: 1_600_000_000_000n }, storage)
}

/** Opens the chain of a storage, and writes its genesis block first when it has none. */
export async function openChain(
  { sealers, timestamp }: { readonly sealers: readonly NodeId[]; readonly timestamp: bigint },
  storage: TableStorage = createMemoryStorage(),
): Promise<TestChain> {
  await storage.start()
  const openTables = (parentNumber: number) =>
    createBlockTables({ storage, parentNumber, hash: suite.hash })
  if (storage.committedBlock() === undefined) {
    const genesis = {
      ...GENESIS_DEFAULTS,
      groupId: GROUP_ID,
      sealers,
      timestamp,
      epochSealerCount: sealers.length,
    }
    await createGenesis(genesis, { storage, suite, openTables })
  }
  const store = openBlockStore({ storage, suite })
  const executor = createBlockExecutor({
    suite,
    chain: store,
    openTables,
    accounts: tableAccountState(suite.hash),
    native: membersContract,
    ethereum: noContracts,
    vm: createInterpreter({ hash: suite.hash, isFreeStorage: false }),
    isFreeStorage: false,
  })
  return { storage, store, executor }
}

let lastNonce = 0n

/** A signed transaction; every one has its own nonce. */
export function transaction(
  fields: Partial<TransactionFields> = {},
  signing: CryptoSuite = suite,
): Transaction {
  lastNonce += 1n
  return signTransaction(
    {
      nonce: 2n ** 200n + lastNonce,
      gasPrice: 1n,
      gas: 30_000_000n,
      blockLimit: 500n,
      to: '00000000000000000000000000000000000000aa',
      value: 0n,
      data: EMPTY_BYTES,
      chainId: BigInt(CHAIN_ID),
      groupId: BigInt(GROUP_ID),
      extraData: EMPTY_BYTES,
      ...fields,
    },
    ACCOUNT,
    signing,
  )
}

/** Makes `nodeId` a sealer, an observer, or nothing, from the next block on. */
export function membershipChange(
  nodeId: NodeId,
  type: 'sealer' | 'observer' | 'remove',
): Transaction {
  const kind = ['sealer', 'observer', 'remove'].indexOf(type)
  return transaction({ to: MEMBERS_ADDRESS, data: fromHex(`0${kind}${nodeId}`) })
}

/** The next block as a leader would propose it. */
export function propose(store: BlockStore, transactions: readonly Transaction[]): Block {
  const parent = store.head()
  const hashes = transactions.map(({ hash }) => hash)
  return {
    header: {
      parentHash: store.headHash(),
      stateRoot: ZERO_HASH,
      transactionsRoot: merkleRoot(hashes, suite),
      receiptsRoot: ZERO_HASH,
      dbHash: ZERO_HASH,
      logBloom: new Uint8Array(256),
      number: parent.number + 1,
      gasLimit: 0n,
      gasUsed: 0n,
      timestamp: parent.timestamp + 1000n,
      extraData: [],
      sealer: 0n,
      sealerList: store.membership().sealers,
    },
    transactions,
    receipts: [],
    signatures: [],
  }
}

function quorumOf(store: BlockStore): number {
  const count = store.membership().sealers.length
  return count - Math.floor((count - 1) / 3)
}

/** Signatures of the first quorum of sealers. */
export function sign(
  store: BlockStore,
  hash: Uint8Array,
  nodes: readonly TestNode[],
): readonly BlockSignature[] {
  const signatures: BlockSignature[] = []
  for (const [index, id] of store.membership().sealers.entries()) {
    const node = nodes.find((one) => one.id === id)
    if (node !== undefined && signatures.length < quorumOf(store)) {
      signatures.push({ index, signature: suite.sign(hash, node.keys) })
    }
  }
  return signatures
}

/** Executes, signs and commits the next block, as consensus does. */
export async function mine(
  { store, executor }: TestChain,
  nodes: readonly TestNode[],
  transactions: readonly Transaction[] = [],
): Promise<ExecutedBlock> {
  const executed = executor.execute(propose(store, transactions))
  await store.commit(executed, sign(store, executed.hash, nodes))
  return executed
}

/** What an engine checks of a synchronised block: its sealers, and a quorum of distinct signatures. */
export function testEngine(store: BlockStore): Pick<ConsensusEngine, 'checkSyncedBlock'> {
  return {
    checkSyncedBlock(block, hash): SyncedBlockVerdict {
      const { sealers } = store.membership()
      if (block.header.sealerList.join() !== sealers.join()) {
        return { refusal: 'another list of sealers' }
      }
      const signed = new Map<number, BlockSignature>()
      for (const one of block.signatures) {
        const key = sealers[one.index]
        if (key !== undefined && suite.verify(one.signature, hash, fromHex(key))) {
          signed.set(one.index, one)
        }
      }
      return signed.size < quorumOf(store)
        ? { refusal: `${signed.size} good signatures` }
        : { signatures: [...signed.values()], isDecided: true }
    },
  }
}

const MEMBERS_ADDRESS = '0000000000000000000000000000000000001003'
const TYPES = ['sealer', 'observer', 'remove'] as const

const membersContract: NativeContracts = {
  open: ({ tables }) => ({
    isNative: (address) => address === MEMBERS_ADDRESS,
    criticalFields: () => undefined,
    openConflicts: () => {},
    usesObjects: () => false,
    call({ input }) {
      writeMember(tables, TYPES[input[0] ?? 0] ?? 'remove', toHex(input.subarray(1)))
      return { type: 'done', output: EMPTY_BYTES, gas: 0 }
    },
  }),
}

function writeMember(tables: StateTables, type: string, nodeId: NodeId): void {
  const table = tables.open(SystemTableName.consensus)
  const condition = tables.newCondition()
  condition.eq('node_id', nodeId)
  const row = tables.newEntry()
  row.set('type', type)
  row.set('node_id', nodeId)
  row.set('enable_num', String(tables.parentNumber + 1))
  const isKnown = (table?.select('node', condition).length ?? 0) > 0
  if (isKnown) table?.update('node', row, { condition, writer: undefined })
  else table?.insert('node', row, undefined)
}

const noContracts: EthereumContracts = {
  has: () => false,
  gas: () => 0n,
  run: () => undefined,
}
