import {
  type Clock,
  every,
  fromHex,
  isBcosError,
  type Logger,
  messageOf,
  type RandomSource,
  randomBelow,
  type Timers,
  toHex,
  unreachable,
} from '@bcos-ts/common'
import type { CryptoSuite, HashText, NodeId } from '@bcos-ts/protocol'
import type { BlockStore, SyncStatus } from '@bcos-ts/protocol/ports'
import { ExecutionDiffersError } from '../errors.ts'
import type { GroupView, Moment } from '../group-view.ts'
import type { NodeStatus, SyncPacket } from '../packet.ts'
import type { ImportRules } from './import-block.ts'
import { SyncProgress } from './progress.ts'
import {
  assertBlockSync,
  type BlockCandidate,
  type BlockSyncEffect,
  type BlockSyncEvent,
  type BlockSyncOptions,
  type BlockSyncState,
  type ChainPoint,
  FAR_BEHIND_BLOCKS,
  type ImportOutcome,
  startBlockSync,
  type SyncReport,
} from './state.ts'
import { stepBlockSync } from './step.ts'
import { pointOfBlock } from './synced-block.ts'
import { credibleBlock, highest, sources } from './trust.ts'

const TICK_MS = 200

export interface BlockSyncHost {
  readonly suite: Pick<CryptoSuite, 'hash'>
  readonly chain: Pick<BlockStore, 'height' | 'headHash' | 'genesisHash' | 'onCommit'>
  /** For deadlines: it never goes back. */
  readonly clock: Clock
  /** The time that peers are told. */
  readonly wallClock: Clock
  readonly timers: Timers
  readonly random: RandomSource
  readonly logger: Logger
  readonly send: (to: readonly NodeId[], packet: SyncPacket) => void
  readonly importBlock: (
    candidate: BlockCandidate,
    rules: Omit<ImportRules, 'onDifference'>,
  ) => Promise<ImportOutcome>
  /** Asks those of them that understand. */
  readonly requestProof: (to: readonly NodeId[], hash: HashText) => void
  /** A block was added where another result had stood in the way. */
  readonly onResumed: () => void
}

type ApplyEffect = Extract<BlockSyncEffect, { type: 'apply' }>

type Happening = BlockSyncEvent extends infer E
  ? E extends BlockSyncEvent
    ? Omit<E, 'moment'>
    : never
  : never

/** Owns the state of block synchronisation, and carries out what its steps ask for. It decides nothing. */
export class BlockSyncDriver {
  readonly #host: BlockSyncHost
  readonly #inbox: Happening[] = []
  readonly #progress = new SyncProgress()
  #state: BlockSyncState
  /** How far behind the others this node was, in a state at a moment. */
  #lag: {
    readonly state: BlockSyncState | undefined
    readonly nowMs: number
    readonly blocks: number
  } = {
    state: undefined,
    nowMs: 0,
    blocks: 0,
  }
  #isDraining = false
  #isRunning = false
  #importing: Promise<void> = Promise.resolve()
  #ends: readonly (() => void)[] = []

  constructor(self: NodeId, options: BlockSyncOptions, host: BlockSyncHost) {
    const { chain } = host
    this.#host = host
    this.#state = startBlockSync({
      options,
      genesisHash: toHex(chain.genesisHash()),
      head: { number: chain.height(), hash: toHex(chain.headHash()) },
      self,
    })
  }

  start(): void {
    const { chain, timers } = this.#host
    this.#isRunning = true
    this.#noteHead()
    this.#ends = [
      every(timers, TICK_MS, () => this.submit({ type: 'tick' })),
      chain.onCommit(() => this.#noteHead()),
    ]
  }

  /** Resolves when the block that is being executed has been committed or given up. */
  async stop(): Promise<void> {
    this.#isRunning = false
    for (const end of this.#ends) end()
    this.#ends = []
    await this.#importing
  }

  onView(view: GroupView): void {
    this.submit({ type: 'view', view })
  }

  onStatus(from: NodeId, status: NodeStatus): void {
    this.submit({ type: 'status', from, status })
  }

  onBlocks(from: NodeId, blocks: readonly Uint8Array[]): void {
    const candidates: BlockCandidate[] = []
    for (const bytes of blocks) {
      try {
        candidates.push({ ...pointOfBlock(bytes, this.#host.suite), bytes, from })
      } catch (error) {
        if (!isBcosError(error)) throw error
        return this.onMalformed(from, messageOf(error))
      }
    }
    return this.submit({ type: 'blocks', from, blocks: candidates })
  }

  onProof(from: NodeId, hash: HashText, proof: Uint8Array): void {
    this.submit({ type: 'proof', from, hash, proof })
  }

  onMalformed(from: NodeId, reason: string): void {
    this.submit({ type: 'malformed', from, reason })
  }

  /**
   * Up to which block a node may be served: without end a peer, which is a member or is ahead; up to its last block
   * one that has left; nothing anybody else.
   */
  servedUpTo(id: NodeId): number | undefined {
    const { peers, farewells } = this.#state
    return peers.has(id) ? Number.POSITIVE_INFINITY : farewells.get(id)?.number
  }

  status(): SyncStatus {
    const { peers, genesisHash } = this.#state
    const known = credibleBlock(this.#state, this.#host.clock.nowMs())
    return {
      isSyncing: this.isSyncing(),
      knownHighestNumber: known.number,
      knownLatestHash: fromHex(known.hash),
      peers: [...peers].map(([nodeId, { latest }]) => ({
        nodeId,
        blockNumber: latest.number,
        genesisHash: fromHex(genesisHash),
        latestHash: fromHex(latest.hash),
      })),
    }
  }

  isSyncing(): boolean {
    return this.#state.isDownloading && this.#behind() > 0
  }

  isFarBehind(): boolean {
    return this.#behind() > FAR_BEHIND_BLOCKS
  }

  /** Asked for with every transaction of a client: looked up once for each state and moment. */
  #behind(): number {
    const nowMs = this.#host.clock.nowMs()
    if (this.#lag.state !== this.#state || this.#lag.nowMs !== nowMs) {
      const known = credibleBlock(this.#state, nowMs)
      this.#lag = { state: this.#state, nowMs, blocks: known.number - this.#state.head.number }
    }
    return this.#lag.blocks
  }

  #noteHead(): void {
    const { chain } = this.#host
    this.submit({
      type: 'committed',
      head: { number: chain.height(), hash: toHex(chain.headHash()) },
    })
  }

  /** Events are stepped one at a time: what an effect brings about at once waits for its turn. */
  submit(happening: Happening): void {
    if (!this.#isRunning) return
    this.#inbox.push(happening)
    if (this.#isDraining) return
    this.#isDraining = true
    try {
      for (let next = this.#inbox.shift(); next !== undefined; next = this.#inbox.shift()) {
        const { state, effects } = stepBlockSync(this.#state, { ...next, moment: this.#moment() })
        assertBlockSync(state)
        this.#state = state
        for (const effect of effects) this.#carryOut(effect)
      }
    } finally {
      this.#isDraining = false
    }
  }

  #moment(): Moment {
    const { clock, random } = this.#host
    return { nowMs: clock.nowMs(), dice: randomBelow(random, 2 ** 32) }
  }

  #carryOut(effect: BlockSyncEffect): void {
    const { send } = this.#host
    switch (effect.type) {
      case 'sendStatus':
        return send(effect.to, { type: 'status', status: this.#statusOf(effect.of) })
      case 'requestBlocks': {
        const { to, from, count } = effect
        return send([to], { type: 'blocksRequest', from, count })
      }
      case 'apply':
        this.#importing = this.#import(effect)
        return undefined
      case 'requestProof':
        return this.#host.requestProof(effect.to, effect.hash)
      case 'report':
        return this.#report(effect.report)
      default:
        return unreachable(effect)
    }
  }

  async #import({ candidate, knowledge, isOverdue }: ApplyEffect): Promise<void> {
    const { number, bytes, from } = candidate
    const differing = this.#state.halt?.hashes ?? []
    const rules = { differing, knowledge, isOverdue }
    const outcome = await this.#host.importBlock(candidate, rules)
    if (outcome.type === 'committed') {
      this.#host.logger.info('Download block commit succ', { number, bytes: bytes.length })
      this.#tellProgress(number)
    }
    this.submit({ type: 'applied', number, from, outcome })
    // The chain had grown past the block before the difference was looked at.
    if (outcome.type === 'differs' && this.#state.halt === undefined) this.#host.onResumed()
  }

  #statusOf({ number, hash }: ChainPoint = this.#state.head): NodeStatus {
    const { genesisHash } = this.#state
    const timeMs = this.#host.wallClock.nowMs()
    return { number, genesisHash, latestHash: hash, timeMs }
  }

  #tellProgress(number: number): void {
    const { clock, logger } = this.#host
    const nowMs = clock.nowMs()
    if (!this.#progress.isDue(nowMs)) return
    const known = highest(sources(this.#state, nowMs), this.#state.head).number
    const line = this.#progress.note({ number, known, nowMs })
    if (line !== undefined) logger.info('Download progress', { ...line })
  }

  #report(report: SyncReport): void {
    const { logger, clock } = this.#host
    switch (report.type) {
      case 'started': {
        const { head, known } = report
        this.#progress.begin(head.number, clock.nowMs())
        return logger.info('Download start', { number: head.number, known: known.number })
      }
      case 'finished':
        return logger.info('Download finish', {
          latestHash: report.head.hash,
          number: report.head.number,
        })
      case 'otherHead':
        return logger.error(
          "State error: this node's chain is not that of a peer; compare versions, and clear the data of the node that differs",
          {
            number: report.own.number,
            hash: report.own.hash,
            peer: report.peer,
            theirs: report.theirs,
          },
        )
      case 'otherGenesis':
        return logger.warn('a peer of another genesis', {
          peer: report.peer,
          theirs: report.theirs,
        })
      case 'avoided': {
        const { peer, reason, isLie, forMs } = report
        return logger.log(isLie ? 'warn' : 'info', 'a peer is left alone', { peer, reason, forMs })
      }
      case 'obstacle': {
        const { number, reason, forMs } = report
        return logger.error('a block cannot be added', { number, reason, retryMs: forMs })
      }
      case 'undecided': {
        const { number, hash } = report.point
        const fields = { number, hash, peer: report.peer }
        return report.isOverdue
          ? logger.warn(
              'a block is taken that may not be the one of the group: nobody shows another',
              fields,
            )
          : logger.debug('a block waits until it is certain that it was committed', fields)
      }
      case 'halted': {
        const { number, hash, reason = 'still so' } = report
        const { code, message } = new ExecutionDiffersError(number, hash)
        return logger.error(message, { code, number, reason })
      }
      case 'resumed':
        this.#host.onResumed()
        return logger.info('a block passes that had another result before', {
          number: report.number,
        })
      default:
        return unreachable(report)
    }
  }
}
