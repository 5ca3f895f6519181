import {
  type Clock,
  isBcosError,
  type Logger,
  messageOf,
  type Metrics,
  noMetrics,
  type RandomSource,
  silentLogger,
  SteadyClock,
  systemRandom,
  type Timers,
  toHex,
  unreachable,
} from '@bcos-ts/common'
import type { CryptoSuite, HashText, NodeId, SignatureBatches } from '@bcos-ts/protocol'
import {
  type BlockExecutor,
  type BlockStore,
  type ConsensusEngine,
  type ExecutionDifference,
  P2pModule,
  type P2pMessage,
  type P2pNetwork,
  protocolIdOf,
  type Synchronizer,
  type SyncStatus,
  type TxPool,
} from '@bcos-ts/protocol/ports'
import type { BlockCommitter } from '../committer.ts'
import { BlockSyncDriver } from './blocks/driver.ts'
import { importBlock } from './blocks/import-block.ts'
import { BlockServer } from './blocks/server.ts'
import { BLOCK_SYNC_DEFAULTS, type BlockSyncOptions } from './blocks/state.ts'
import { DifferenceDesk, type KeepDifference } from './difference/desk.ts'
import { RowServer } from './difference/row-server.ts'
import { WrittenBlocks } from './difference/written-blocks.ts'
import { GossipDriver } from './gossip/driver.ts'
import { GOSSIP_DEFAULTS, type GossipOptions } from './gossip/step.ts'
import type { GroupView } from './group-view.ts'
import { decodeSyncPacket, encodeSyncPacket, type SyncPacket } from './packet.ts'
import type { PeerClock } from './peer-clock.ts'
import { ViewSource } from './view-source.ts'

const ORDINARY = 0
/** Looks at the clock stand 0.2 s apart, or as long as a block takes. */
const LEAP_MAX_MS = 5000
/** First byte of a packet of blocks. */
const BLOCKS_TYPE = 3

/** What the operator decides; the defaults are those of the reference. */
export interface SynchronizerInit {
  readonly groupId: number
  readonly blocks?: Partial<BlockSyncOptions>
  readonly transactions?: Partial<GossipOptions>
}

export interface SynchronizerComponents {
  readonly suite: CryptoSuite
  /** Checks the signatures of transactions on other cores; without it they are checked here. */
  readonly signatures?: SignatureBatches | undefined
  readonly chain: BlockStore
  readonly executor: Pick<BlockExecutor, 'execute' | 'trace'>
  readonly pool: Pick<TxPool, 'has' | 'get' | 'import' | 'pending' | 'onAdded'>
  /** The way by which blocks enter the chain: the same that consensus uses. */
  readonly committer: Pick<BlockCommitter, 'exclusively'>
  readonly consensus: Pick<ConsensusEngine, 'checkSyncedBlock' | 'isKin' | 'commitProof'>
  readonly network: P2pNetwork
  readonly clock: Clock
  readonly timers: Timers
  readonly random?: RandomSource
  readonly logger?: Logger
  readonly metrics?: Metrics
  /** Told the time of each member, when given. */
  readonly peerClock?: PeerClock
  /** Permits for so many outgoing bytes of blocks; a refusal puts answers off (spec 04 §2.9). */
  readonly mayServe?: (bytes: number) => boolean
  /** What the latest blocks wrote: told to peers of this implementation that ask. */
  readonly written?: WrittenBlocks
  /** Keeps the report on a block that has another result here. */
  readonly keepDifference?: KeepDifference
}

/**
 * Keeps a group's chain and pool up with those of its peers, over P2P module 9: asks for blocks that are
 * missing, checks and commits them, serves blocks, tells its own height, and spreads transactions.
 */
export function createSynchronizer(
  init: SynchronizerInit,
  components: SynchronizerComponents,
): Synchronizer {
  return new GroupSynchronizer(init, components)
}

/** What is not even looked at when it comes from outside the group. */
type MembersPacket = Exclude<
  SyncPacket,
  { readonly type: 'status' | 'blocks' | 'blocksRequest' | 'rows' | 'proofRequest' | 'proof' }
>

class GroupSynchronizer implements Synchronizer {
  readonly #components: SynchronizerComponents
  readonly #logger: Logger
  readonly #metrics: Metrics
  readonly #protocolId: number
  readonly #views: ViewSource
  readonly #blocks: BlockSyncDriver
  readonly #server: BlockServer
  readonly #gossip: GossipDriver
  readonly #desk: DifferenceDesk
  readonly #rows: RowServer
  #members: ReadonlySet<NodeId> = new Set()
  #connected: ReadonlySet<NodeId> = new Set()
  #unregister: (() => void) | undefined

  constructor(init: SynchronizerInit, components: SynchronizerComponents) {
    const { network, chain, timers, random = systemRandom } = components
    const logger = (components.logger ?? silentLogger).child('SYNC')
    this.#components = components
    this.#logger = logger
    this.#metrics = components.metrics ?? noMetrics
    this.#protocolId = protocolIdOf(init.groupId, P2pModule.sync)
    this.#views = new ViewSource(components, (view) => this.#onView(view))
    // Waits must not end, or last, because somebody sets the clock; what is told to peers is the clock itself.
    const clock = new SteadyClock(components.clock, { leapMaxMs: LEAP_MAX_MS })
    const shared = { ...components, clock, random, logger }
    this.#blocks = new BlockSyncDriver(
      network.self,
      { ...BLOCK_SYNC_DEFAULTS, ...init.blocks },
      {
        ...shared,
        wallClock: components.clock,
        send: (to, packet) => this.#send(to, encodeSyncPacket(packet)),
        importBlock: ({ bytes, from }, rules) =>
          importBlock(bytes, components, {
            ...rules,
            onDifference: (found) => this.#desk.open(found, from),
          }),
        requestProof: (to, hash) => {
          const kin = to.filter((id) => components.consensus.isKin?.(id) === true)
          this.#send(kin, encodeSyncPacket({ type: 'proofRequest', hash }))
        },
        onResumed: () => this.#desk.close(),
      },
    )
    const mayServe = components.mayServe ?? (() => true)
    const send = (to: NodeId, packet: SyncPacket): void =>
      this.#send([to], encodeSyncPacket(packet))
    this.#desk = new DifferenceDesk({
      ...components,
      logger,
      send,
      kin: () => this.#kin(),
      keep: components.keepDifference ?? ((difference) => difference),
    })
    const written = components.written ?? new WrittenBlocks()
    this.#rows = new RowServer({ chain, written, clock, send, mayServe })
    this.#server = new BlockServer({
      chain,
      timers,
      mayServe,
      send: (to, blocks) => this.#send([to], encodeSyncPacket({ type: 'blocks', blocks })),
    })
    this.#gossip = new GossipDriver(
      network.self,
      { ...GOSSIP_DEFAULTS, ...init.transactions },
      {
        ...shared,
        send: (to, payload, packetType) => this.#send(to, payload, packetType),
        isKin: (id) => components.consensus.isKin?.(id) ?? false,
      },
    )
  }

  start(): void {
    this.#unregister = this.#components.network.register(this.#protocolId, (message, from) =>
      this.#receive(message, from),
    )
    this.#blocks.start()
    this.#gossip.start()
    this.#views.start()
  }

  async stop(): Promise<void> {
    this.#unregister?.()
    this.#views.stop()
    this.#gossip.stop()
    this.#server.stop()
    this.#desk.stop()
    await this.#blocks.stop()
  }

  status(): SyncStatus {
    return this.#blocks.status()
  }

  isSyncing(): boolean {
    return this.#blocks.isSyncing()
  }

  isFarBehind(): boolean {
    return this.#blocks.isFarBehind()
  }

  difference(): ExecutionDifference | undefined {
    return this.#desk.current
  }

  hasten(transactions: readonly HashText[]): void {
    this.#gossip.hasten(transactions)
  }

  #onView(view: GroupView): void {
    this.#members = new Set(view.members)
    for (const id of this.#connected) {
      if (view.connected.has(id)) continue
      this.#server.forget(id)
      this.#rows.forget(id)
      this.#components.peerClock?.forget(id)
    }
    this.#connected = view.connected
    this.#blocks.onView(view)
    this.#gossip.onView(view)
  }

  /** Members with a session that have shown to be of this implementation. */
  #kin(): readonly NodeId[] {
    const { consensus } = this.#components
    return [...this.#connected].filter((id) => this.#members.has(id) && consensus.isKin?.(id))
  }

  #send(to: readonly NodeId[], payload: Uint8Array, packetType: number = ORDINARY): void {
    if (to.length === 0) return
    this.#metrics.count('sync_bytes_out', payload.length * to.length)
    this.#components.network.multicast(to, { protocolId: this.#protocolId, packetType, payload })
  }

  /** Nothing that a peer sends throws past here, and nothing that cannot be read has an effect. */
  #receive(message: P2pMessage, from: NodeId): void {
    this.#metrics.count('sync_bytes_in', message.payload.length)
    try {
      this.#dispatch(decodeSyncPacket(message.payload), message, from)
    } catch (error) {
      if (!isBcosError(error)) throw error
      const reason = messageOf(error)
      this.#metrics.count('sync_packets_refused')
      this.#logger.debug('a packet cannot be read', { from, reason })
      if (message.payload[0] === BLOCKS_TYPE) this.#blocks.onMalformed(from, reason)
    }
  }

  #dispatch(packet: SyncPacket, message: P2pMessage, from: NodeId): void {
    switch (packet.type) {
      case 'status':
        if (this.#members.has(from)) {
          this.#components.peerClock?.observe(from, packet.status.timeMs)
        }
        return this.#blocks.onStatus(from, packet.status)
      case 'blocks':
        return this.#blocks.onBlocks(from, packet.blocks)
      case 'blocksRequest': {
        const last = this.#blocks.servedUpTo(from)
        if (last === undefined) return undefined
        this.#proveTip(from, packet)
        return this.#server.request(from, packet, last)
      }
      case 'rows':
        return this.#desk.onRows(from, packet)
      case 'proofRequest':
        return this.#prove(from, packet.hash)
      case 'proof':
        return this.#blocks.onProof(from, packet.hash, packet.proof)
      default:
        if (this.#members.has(from)) this.#dispatchOfMember(packet, message, from)
        return undefined
    }
  }

  /** Whoever asks for the last block will want to know that it was committed. */
  #proveTip(to: NodeId, { from, count }: { readonly from: number; readonly count: number }): void {
    const { chain, consensus } = this.#components
    const height = chain.height()
    const isAsked = from <= height && height < from + count
    if (isAsked && consensus.isKin?.(to) === true) this.#prove(to, toHex(chain.headHash()))
  }

  /** To whom blocks are served. */
  #prove(to: NodeId, hash: HashText): void {
    if (this.#blocks.servedUpTo(to) === undefined) return
    const proof = this.#components.consensus.commitProof?.(hash)
    if (proof !== undefined) this.#send([to], encodeSyncPacket({ type: 'proof', hash, proof }))
  }

  #dispatchOfMember(packet: MembersPacket, message: P2pMessage, from: NodeId): void {
    switch (packet.type) {
      case 'transactions':
      case 'signedTransactions':
        return this.#gossip.onTransactions(from, packet, message)
      case 'transactionsStatus':
        return this.#gossip.onMentioned(from, packet.hashes)
      case 'transactionsRequest':
        return this.#gossip.onRequested(from, packet.hashes)
      case 'rowsRequest':
        return this.#rows.request(from, packet)
      default:
        return unreachable(packet)
    }
  }
}
