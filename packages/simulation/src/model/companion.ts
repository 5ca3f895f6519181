import type { Logger } from '@bcos-ts/common'
import type { PbftHost } from '@bcos-ts/consensus'
import type { CommitBlock } from '@bcos-ts/ledger'
import type { Block, NodeId, Transaction } from '@bcos-ts/protocol'
import type { ConsensusEngine, CryptoSuite, ExecutedBlock } from '@bcos-ts/protocol/ports'
import type { NodeEnvironment } from '@bcos-ts/testing/simulator'
import type { ModelChain } from './chain.ts'
import type { ModelMessage } from './message.ts'
import type { ModelNetwork } from './network.ts'

/** What stands beside consensus in a node: where transactions wait, and what keeps the chain up with its peers. */
export interface Companion {
  readonly pool: PbftHost['pool']
  readonly sync: PbftHost['sync']
  /** The way by which consensus adds a block. */
  readonly commit: CommitBlock
  start(): void | Promise<void>
  /** `true` when the node takes a client's transaction; later it may tell that it has dropped it. */
  submit(transaction: Transaction, onDropped?: () => void): boolean
  isWaiting(transaction: Transaction): boolean
  /** Messages that are no frames. */
  receive(message: ModelMessage, from: number): void
  /** Called for each block when it is durable. */
  onCommitted(block: Block, hash: Uint8Array): void
}

export interface CompanionInit {
  readonly environment: NodeEnvironment<ModelMessage>
  readonly suite: CryptoSuite
  readonly chain: ModelChain
  readonly network: ModelNetwork
  readonly groupId: number
  readonly machines: number
  /** Of each machine. */
  readonly nodeIds: readonly NodeId[]
  readonly logger: Logger
  /** The engine, once it is there. */
  engine(): Pick<ConsensusEngine, 'checkSyncedBlock' | 'commitProof' | 'isKin' | 'onBlockCommitted'>
  execute(block: Block): ExecutedBlock
}

/** `shipping`: pool and synchronisation of the ledger package; `simple`: small ones, that take less time. */
export type CompanionKind = 'shipping' | 'simple'
