import type { PbftHost } from '@bcos-ts/consensus'
import type { CommitBlock } from '@bcos-ts/ledger'
import { encodeBlock, decodeBlock, type Block, type Transaction } from '@bcos-ts/protocol'
import type { Companion, CompanionInit } from './companion.ts'
import type { ModelMessage } from './message.ts'
import { ModelPool } from './pool.ts'

const STATUS_EVERY_MS = 700
/** A node that is one block behind leaves it to consensus for this long. */
const PATIENCE_MS = 1400
const FAR_BEHIND_BLOCKS = 20
const BLOCKS_MAX = 8

/** A pool and a synchronisation that believe what they are told, and check each block. */
export class SimpleSync implements Companion {
  readonly pool: ModelPool = new ModelPool()
  readonly sync: PbftHost['sync']
  readonly commit: CommitBlock
  readonly #init: CompanionInit
  /** What each machine has said, 0 before the first word. */
  readonly #heights: number[]
  #advancedAtMs = 0
  #isDownloading = false

  constructor(init: CompanionInit) {
    this.#init = init
    this.#heights = Array.from({ length: init.machines }, () => 0)
    const { chain } = init
    this.commit = (executed, signatures) => chain.commit(executed, signatures)
    this.sync = {
      hasten: () => {},
      isSyncing: () => this.#isSyncing(),
      isFarBehind: () => this.#known() - chain.height() > FAR_BEHIND_BLOCKS,
      status: () => ({
        isSyncing: this.#isSyncing(),
        knownHighestNumber: this.#known(),
        knownLatestHash: chain.headHash(),
        peers: [],
      }),
    }
  }

  start(): void {
    const { clock, timers, prng } = this.#init.environment
    this.#advancedAtMs = clock.nowMs()
    timers.after(STATUS_EVERY_MS * prng.next(), () => this.#synchronise())
  }

  submit(transaction: Transaction): boolean {
    return this.pool.add(transaction)
  }

  isWaiting({ hashText }: Transaction): boolean {
    return this.pool.get(hashText) !== undefined
  }

  receive(message: ModelMessage, from: number): void {
    switch (message.kind) {
      case 'p2p':
        return
      case 'status':
        this.#heights[from] = message.height
        return
      case 'request':
        return this.#serve(message.first, message.count, from)
      case 'blocks':
        return void this.#take(message.blocks)
    }
  }

  onCommitted(block: Block): void {
    this.#advancedAtMs = this.#init.environment.clock.nowMs()
    this.pool.removeMined(block)
    this.#init.engine().onBlockCommitted()
  }

  /** The highest block of the nodes that can be reached. */
  #known(): number {
    const { network } = this.#init.environment
    let known = this.#init.chain.height()
    for (const [peer, height] of this.#heights.entries()) {
      if (height > known && network.isConnected(peer)) known = height
    }
    return known
  }

  #isSyncing(): boolean {
    return this.#known() > this.#init.chain.height() + 1
  }

  #synchronise(): void {
    const { timers, network, clock, prng, index } = this.#init.environment
    timers.after(STATUS_EVERY_MS, () => this.#synchronise())
    const height = this.#init.chain.height()
    const peers = [...this.#heights.keys()].filter((peer) => peer !== index)
    for (const peer of peers) {
      if (network.isConnected(peer)) network.send(peer, { kind: 'status', height })
    }
    const known = this.#known()
    const isPatient = clock.nowMs() - this.#advancedAtMs < PATIENCE_MS
    if (known === height || (known === height + 1 && isPatient)) return
    const [source] = prng.shuffled(peers.filter((peer) => this.#heights[peer] === known))
    if (source === undefined) return
    network.send(source, { kind: 'request', first: height + 1, count: BLOCKS_MAX })
  }

  #serve(first: number, count: number, to: number): void {
    const { chain, suite, environment } = this.#init
    const blocks: Uint8Array[] = []
    for (let number = first; number < first + count; number++) {
      const block = chain.block(number)
      if (block !== undefined) blocks.push(encodeBlock({ ...block, receipts: [] }, suite))
    }
    environment.network.send(to, { kind: 'blocks', blocks })
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
    const { chain, suite } = this.#init
    const { block, hash } = decodeBlock(bytes, suite)
    if (block.header.number !== chain.height() + 1) return
    if (this.#init.engine().checkSyncedBlock(block, hash).refusal !== undefined) return
    const executed = this.#init.execute(block)
    try {
      await this.commit(executed, block.signatures)
    } catch {
      // Consensus was faster.
    }
  }
}
