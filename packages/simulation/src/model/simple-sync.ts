import { toHex } from '@bcos-ts/common'
import type { PbftHost } from '@bcos-ts/consensus'
import type { CommitBlock } from '@bcos-ts/ledger'
import {
  encodeBlock,
  decodeBlock,
  type Block,
  type DecodedBlock,
  type HashText,
  type NodeId,
  type Transaction,
} from '@bcos-ts/protocol'
import type { SyncedBlockEvidence } from '@bcos-ts/protocol/ports'
import type { Companion, CompanionInit } from './companion.ts'
import type { ModelMessage } from './message.ts'
import { ModelPool } from './pool.ts'

const STATUS_EVERY_MS = 700
/** A node that is one block behind leaves it to consensus for this long. */
const PATIENCE_MS = 1400
const FAR_BEHIND_BLOCKS = 20
const BLOCKS_MAX = 8
const UNDECIDED_MS = 20_000

/** The last block of a chain, as somebody says. */
interface Said {
  readonly number: number
  readonly hash: HashText
}

/** A pool and a synchronisation that believe what they are told, and check each block. */
export class SimpleSync implements Companion {
  readonly pool: ModelPool = new ModelPool()
  readonly sync: PbftHost['sync']
  readonly commit: CommitBlock
  readonly #init: CompanionInit
  /** What each machine has said, 0 before the first word. */
  readonly #said: Said[]
  #advancedAtMs = 0
  /** A block that may not be the one of the group. */
  #undecided: { readonly hash: HashText; readonly sinceMs: number } | undefined
  #isDownloading = false

  constructor(init: CompanionInit) {
    this.#init = init
    this.#said = Array.from({ length: init.machines }, () => ({ number: 0, hash: '' }))
    const { chain } = init
    this.commit = (executed, signatures, proof) => chain.commit(executed, signatures, proof)
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
        this.#said[from] = { number: message.height, hash: message.hash }
        return
      case 'request':
        return this.#serve(message.first, message.count, from)
      case 'blocks':
        return void this.#take(message.blocks, from)
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
    for (const [peer, { number }] of this.#said.entries()) {
      if (number > known && network.isConnected(peer)) known = number
    }
    return known
  }

  #isSyncing(): boolean {
    return this.#known() > this.#init.chain.height() + 1
  }

  #synchronise(): void {
    const { timers, network, clock, prng, index } = this.#init.environment
    timers.after(STATUS_EVERY_MS, () => this.#synchronise())
    const { chain } = this.#init
    const height = chain.height()
    const hash = chain.hashTextOf(height)
    const peers = [...this.#said.keys()].filter((peer) => peer !== index)
    for (const peer of peers) {
      if (network.isConnected(peer)) network.send(peer, { kind: 'status', height, hash })
    }
    const known = this.#known()
    const isPatient = clock.nowMs() - this.#advancedAtMs < PATIENCE_MS
    if (known === height || (known === height + 1 && isPatient)) return
    const [source] = prng.shuffled(peers.filter((peer) => this.#said[peer]?.number === known))
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

  #evidenceOn(
    { block, hash }: DecodedBlock,
    next: Uint8Array | undefined,
    from: number,
  ): SyncedBlockEvidence {
    const { suite, nodeIds } = this.#init
    const claims = new Map<NodeId, HashText>()
    for (const [peer, said] of this.#said.entries()) {
      if (said.number === block.header.number) claims.set(nodeIds[peer] ?? '', said.hash)
    }
    claims.set(nodeIds[from] ?? '', toHex(hash))
    if (next === undefined) return { claims }
    const successor = decodeBlock(next, suite)
    const { header, signatures } = successor.block
    return { claims, next: { ...header, hash: successor.hash, signatures } }
  }

  #isOverdue(hash: HashText): boolean {
    const nowMs = this.#init.environment.clock.nowMs()
    if (this.#undecided?.hash !== hash) this.#undecided = { hash, sinceMs: nowMs }
    return nowMs >= this.#undecided.sinceMs + UNDECIDED_MS
  }

  async #take(blocks: readonly Uint8Array[], from: number): Promise<void> {
    if (this.#isDownloading) return
    this.#isDownloading = true
    try {
      for (const [i, bytes] of blocks.entries()) await this.#takeOne(bytes, blocks[i + 1], from)
    } finally {
      this.#isDownloading = false
    }
  }

  async #takeOne(bytes: Uint8Array, next: Uint8Array | undefined, from: number): Promise<void> {
    const { chain, suite } = this.#init
    const decoded = decodeBlock(bytes, suite)
    const { block, hash } = decoded
    if (block.header.number !== chain.height() + 1) return
    const evidence = this.#evidenceOn(decoded, next, from)
    const verdict = this.#init.engine().checkSyncedBlock(block, hash, evidence)
    if (verdict.refusal !== undefined) return
    if (!verdict.isDecided && !this.#isOverdue(toHex(hash))) return
    const executed = this.#init.execute(block)
    try {
      await this.commit(executed, block.signatures)
    } catch {
      // Consensus was faster.
    }
  }
}
