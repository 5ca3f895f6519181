import { type Logger, silentLogger } from '@bcos-ts/common'
import {
  type Block,
  decodeBlock,
  encodeBlock,
  type NodeId,
  type Transaction,
} from '@bcos-ts/protocol'
import type {
  ConsensusEngine,
  CryptoSuite,
  KeyPair,
  P2pMessage,
  P2pNetwork,
} from '@bcos-ts/protocol/ports'
import type { NodeEnvironment } from '@bcos-ts/testing/simulator'
import type { PbftHost, PbftOptions } from '../../src/driver/host.ts'
import { PbftDriver, type PbftDriverInit } from '../../src/driver/pbft-driver.ts'
import type { step } from '../../src/pbft/step.ts'
import { RaftDriver } from '../../src/raft/raft-driver.ts'
import type { raftStep } from '../../src/raft/step.ts'
import { rpbftParts } from '../../src/rpbft/engine.ts'
import { type Membering, ModelChain, type ModelEpoch } from './chain.ts'
import { ModelPool } from './pool.ts'

export type ModelMessage =
  | { readonly kind: 'p2p'; readonly packetType: number; readonly payload: Uint8Array }
  | { readonly kind: 'status'; readonly height: number }
  | { readonly kind: 'request'; readonly first: number; readonly count: number }
  | { readonly kind: 'blocks'; readonly blocks: readonly Uint8Array[] }

export interface ModelIdentity {
  readonly nodeId: NodeId
  readonly keys: KeyPair
}

export interface ModelNodeInit {
  readonly environment: NodeEnvironment<ModelMessage>
  readonly identities: readonly ModelIdentity[]
  readonly suite: CryptoSuite
  readonly membering: Membering
  /** rPBFT in place of PBFT. */
  readonly epoch?: ModelEpoch | undefined
  /** rPBFT: this node leaves rotations out when it leads. */
  readonly skipsRotations?: boolean
  readonly options?: Partial<PbftOptions>
  readonly isLedgerHasty?: boolean
  readonly logger?: Logger
  readonly step?: typeof step
  /** Raft in place of PBFT. */
  readonly raft?: { readonly step?: typeof raftStep } | undefined
  /** Changes the host, to plant mistakes in it. */
  readonly alterHost?: (host: PbftHost) => PbftHost
  readonly onCommitted: (block: Block, hash: Uint8Array) => void
  readonly onFailure: (error: Error) => void
}

const VOTES = 'votes'
const GROUP_ID = 1
const STATUS_EVERY_MS = 700
/** A node that is one block behind leaves it to consensus for this long. */
const PATIENCE_MS = 1400
const FAR_BEHIND_BLOCKS = 20
const BLOCKS_MAX = 8

/** The shipping engine on a model chain, with a simple synchronisation beside it. */
export class ModelNode {
  readonly engine: ConsensusEngine
  readonly chain: ModelChain
  readonly pool = new ModelPool()
  readonly #init: ModelNodeInit
  readonly #heights = new Map<number, number>()
  #handler: ((message: P2pMessage, from: NodeId) => void) | undefined
  #advancedAtMs = 0
  #isDownloading = false

  constructor(init: ModelNodeInit) {
    this.#init = init
    const { environment, suite, membering } = init
    this.chain = new ModelChain({
      disk: environment.disk,
      suite,
      membering,
      epoch: init.epoch,
      isHasty: init.isLedgerHasty ?? false,
      onCommitted: (block, hash) => this.#onCommitted(block, hash),
    })
    const host = this.#host()
    this.engine = this.#createEngine(init.alterHost?.(host) ?? host)
  }

  #createEngine(host: PbftHost): ConsensusEngine {
    const { environment, raft, options, step: planted } = this.#init
    if (raft !== undefined) {
      const random = { bytes: (count: number) => environment.prng.bytes(count) }
      const { minBlockGenerationMs } = { minBlockGenerationMs: 500, ...options }
      return new RaftDriver({
        host: { ...host, random },
        options: { minBlockGenerationMs },
        ...raft,
      })
    }
    return new PbftDriver({
      ...this.#parts(host),
      ...(options === undefined ? {} : { options }),
      ...(planted === undefined ? {} : { step: planted }),
    })
  }

  #parts(host: PbftHost): PbftDriverInit {
    const { environment, epoch, skipsRotations = false, options = {} } = this.#init
    if (epoch === undefined) return { host }
    // The model knows no VRF: chance decides elsewhere who works.
    const lottery = { publicKey: '00'.repeat(32), prove: (input: string) => input }
    const random = { bytes: (count: number) => environment.prng.bytes(count) }
    const parts = rpbftParts({ ...host, chainId: 1, random, lottery }, options)
    if (!skipsRotations) return parts
    const { rotation } = parts.extension
    const lazy = {
      isDue: () => false,
      isCommitteeNew: () => rotation.isCommitteeNew(),
      transaction: () => rotation.transaction(),
      refuses: () => undefined,
    }
    return { ...parts, extension: { ...parts.extension, rotation: lazy } }
  }

  get index(): number {
    return this.#init.environment.index
  }

  async start(): Promise<void> {
    const { environment } = this.#init
    this.#advancedAtMs = environment.clock.nowMs()
    environment.network.onMessage((message, from) => this.#onMessage(message, from))
    environment.timers.after(STATUS_EVERY_MS * environment.prng.next(), () => this.#synchronise())
    await this.engine.start()
  }

  submit(transaction: Transaction): void {
    this.pool.add(transaction)
  }

  #host(): PbftHost {
    const { environment, suite, identities, logger = silentLogger, onFailure } = this.#init
    const self = identities[environment.index]
    if (self === undefined) throw new RangeError('a node without identity')
    const { clock, timers, disk } = environment
    return {
      groupId: GROUP_ID,
      self: self.nodeId,
      keys: self.keys,
      suite,
      clock,
      blockClock: clock,
      timers,
      logger,
      chain: this.chain,
      executor: this.chain,
      pool: this.pool,
      network: this.#network(),
      sync: {
        hasten: () => {},
        isSyncing: () => this.#isSyncing(),
        isFarBehind: () => this.#known() - this.chain.height() > FAR_BEHIND_BLOCKS,
        status: () => ({
          isSyncing: this.#isSyncing(),
          knownHighestNumber: this.#known(),
          knownLatestHash: this.chain.headHash(),
          peers: [],
        }),
      },
      votes: {
        persist: (record) => disk.write(VOTES, record),
        restore: () => disk.read(VOTES),
      },
      onFailure,
    }
  }

  #network(): Pick<P2pNetwork, 'isConnected' | 'send' | 'multicast' | 'register'> {
    const { environment, identities } = this.#init
    const indexOf = (id: NodeId): number => identities.findIndex((one) => one.nodeId === id)
    const send = (to: NodeId, { packetType, payload }: P2pMessage): void => {
      environment.network.send(indexOf(to), { kind: 'p2p', packetType, payload })
    }
    return {
      isConnected: (id) => environment.network.isConnected(indexOf(id)),
      send,
      multicast: (to, message) => {
        for (const id of to) send(id, message)
      },
      register: (_protocolId, handler) => {
        this.#handler = handler
        return () => {
          this.#handler = undefined
        }
      },
    }
  }

  #onMessage(message: ModelMessage, from: number): void {
    switch (message.kind) {
      case 'p2p': {
        const { packetType, payload } = message
        const sender = this.#init.identities[from]?.nodeId ?? ''
        this.#handler?.({ protocolId: GROUP_ID, packetType, payload }, sender)
        return
      }
      case 'status':
        this.#heights.set(from, message.height)
        return
      case 'request':
        return this.#serve(message.first, message.count, from)
      case 'blocks':
        return void this.#take(message.blocks)
    }
  }

  // Synchronisation

  /** The highest block of the nodes that can be reached. */
  #known(): number {
    const { network } = this.#init.environment
    const reachable = [...this.#heights].filter(([peer]) => network.isConnected(peer))
    return Math.max(this.chain.height(), ...reachable.map(([, height]) => height))
  }

  #isSyncing(): boolean {
    return this.#known() > this.chain.height() + 1
  }

  #synchronise(): void {
    const { timers, network, clock, prng } = this.#init.environment
    timers.after(STATUS_EVERY_MS, () => this.#synchronise())
    const height = this.chain.height()
    const peers = this.#init.identities.map((_, index) => index).filter((i) => i !== this.index)
    for (const peer of peers) {
      if (network.isConnected(peer)) network.send(peer, { kind: 'status', height })
    }
    const known = this.#known()
    const isPatient = clock.nowMs() - this.#advancedAtMs < PATIENCE_MS
    if (known === height || (known === height + 1 && isPatient)) return
    const [source] = prng.shuffled(peers.filter((peer) => this.#heights.get(peer) === known))
    if (source === undefined) return
    network.send(source, { kind: 'request', first: height + 1, count: BLOCKS_MAX })
  }

  #serve(first: number, count: number, to: number): void {
    const blocks: Uint8Array[] = []
    for (let number = first; number < first + count; number++) {
      const block = this.chain.block(number)
      if (block !== undefined) blocks.push(encodeBlock(block, this.#init.suite))
    }
    this.#init.environment.network.send(to, { kind: 'blocks', blocks })
  }

  async #take(blocks: readonly Uint8Array[]): Promise<void> {
    if (this.#isDownloading) return
    this.#isDownloading = true
    try {
      for (const bytes of blocks) await this.#takeOne(bytes)
    } finally {
      this.#isDownloading = false
    }
  }

  async #takeOne(bytes: Uint8Array): Promise<void> {
    const { block, hash } = decodeBlock(bytes, this.#init.suite)
    if (block.header.number !== this.chain.height() + 1) return
    const refusal = this.engine.checkSyncedBlock(block, hash)
    if (refusal !== undefined) return
    const executed = this.chain.execute(block)
    try {
      await this.chain.commit(executed, block.signatures)
    } catch {
      // Consensus was faster.
    }
  }

  #onCommitted(block: Block, hash: Uint8Array): void {
    this.#advancedAtMs = this.#init.environment.clock.nowMs()
    this.pool.removeMined(block)
    this.#init.onCommitted(block, hash)
    this.engine.onBlockCommitted()
  }
}
