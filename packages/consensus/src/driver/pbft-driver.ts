import { type Clock, isBcosError, type Logger, SteadyClock } from '@bcos-ts/common'
import type { Block, HashText, NodeId } from '@bcos-ts/protocol'
import type {
  ConsensusEngine,
  ConsensusProgress,
  ConsensusStatus,
  SyncedBlockEvidence,
  SyncedBlockVerdict,
} from '@bcos-ts/protocol/ports'
import { isSealer } from '../committee.ts'
import {
  decodeTransactionsAnswer,
  decodeTransactionsRequest,
  encodeTransactionsAnswer,
} from '../pbft/codec.ts'
import { assertStep } from '../pbft/invariants.ts'
import { PbftPacketType } from '../pbft/messages.ts'
import { isTurnToSeal } from '../pbft/round.ts'
import type { PbftEvent, PbftState, Transition } from '../pbft/state.ts'
import { startPbft, step as pbftStep } from '../pbft/step.ts'
import { deadlineMs } from '../pbft/timing.ts'
import { headEvent, viewChain } from './chain-view.ts'
import { Effects } from './effects.ts'
import { Executions } from './executions.ts'
import type { PbftExtension, Spreading } from './extension.ts'
import { PBFT_DEFAULTS, type PbftHost, type PbftOptions } from './host.ts'
import { Inbox, type Incoming } from './inbox.ts'
import { readPacket } from './incoming.ts'
import { Kin } from './kin.ts'
import { Outgoing } from './outgoing.ts'
import { progressOf } from './progress.ts'
import { reportCommit } from './report.ts'
import { Sealer, type Sealing } from './sealing.ts'
import { Signer } from './signatures.ts'
import { statusOf } from './status.ts'
import { SyncView } from './sync-view.ts'
import { SyncedBlocks } from './synced-blocks.ts'
import { answerRequest, fillIn } from './transactions.ts'
import { newestRecord } from './vote-record.ts'
import { WorkLoop } from './work-loop.ts'

/** How often a leader that synchronises looks whether it may seal. */
const SYNC_POLL_MS = 200

export interface PbftDriverInit {
  readonly host: PbftHost
  readonly options?: Partial<PbftOptions>
  /** Another protocol in place of PBFT, of the same shape. For tests that plant mistakes. */
  readonly step?: typeof pbftStep
  /** What the protocol has beside PBFT. */
  readonly extension?: PbftExtension
}

/** What exists between start and stop. */
interface Running {
  state: PbftState
  txCountLimit: number
  readonly effects: Effects
  readonly executions: Executions
  readonly sealer: Sealer
  /** When to look again whether a block can be closed. */
  sealAtMs: number
  /** Sealers that sent something at this height which only a liar sends. */
  readonly liars: Set<number>
  readonly endings: readonly (() => void)[]
}

/**
 * Feeds one {@link pbftStep} with what happens around it and carries out what it wants, one event at a time.
 * A commit is awaited before anything of the next height is looked at.
 */
export class PbftDriver implements ConsensusEngine {
  readonly type: 'pbft' | 'rpbft'
  readonly #host: PbftHost
  readonly #options: PbftOptions
  readonly #step: typeof pbftStep
  readonly #outgoing: Spreading
  readonly #extension: PbftExtension | undefined
  readonly #logger: Logger
  readonly #inbox = new Inbox()
  readonly #kin = new Kin()
  readonly #synced: SyncedBlocks
  readonly #sync: SyncView
  /** The protocol's time; message and block timestamps are the host's. */
  readonly #clock: Clock
  #running: Running | undefined
  readonly #loop: WorkLoop
  /** What the state at the start asks for. */
  #first: Transition | undefined
  #isHeadDue = false
  #isTickDue = false
  #arePeersDue = false

  constructor(init: PbftDriverInit) {
    this.#host = init.host
    this.#sync = new SyncView(init.host.sync)
    this.#synced = new SyncedBlocks(init.host)
    this.#options = { ...PBFT_DEFAULTS, ...init.options }
    this.#step = init.step ?? pbftStep
    this.#clock = new SteadyClock(init.host.clock)
    const plain = new Outgoing(init.host, this.#options)
    this.#extension = init.extension
    this.#loop = new WorkLoop({
      clock: this.#clock,
      timers: init.host.timers,
      next: () => this.#nextWork(),
      deadlineMs: () => this.#deadlineMs(),
      onDeadline: () => {
        this.#isTickDue = true
      },
      onFailure: (error) => this.#fail(error),
    })
    this.type = init.extension?.type ?? 'pbft'
    this.#outgoing = init.extension?.spreading(plain) ?? plain
    this.#logger = init.host.logger.child('CONSENSUS', 'PBFT')
  }

  /** Throws `CONSENSUS_VOTES_CORRUPT` when the node's own promises cannot be read. */
  async start(): Promise<void> {
    if (this.#running !== undefined) return
    const host = this.#host
    const kept = newestRecord(host.votes.restore(), host.suite)
    const { head, committee, consensusTimeoutMs, txCountLimit } = viewChain(host)
    const first = startPbft({
      head,
      committee,
      consensusTimeoutMs,
      nowMs: this.#clock.nowMs(),
      restored: kept?.votes,
    })
    const running = this.#assemble(first.state, { txCountLimit, sequence: kept?.sequence ?? 0 })
    this.#running = running
    this.#first = first
    this.#isTickDue = true
    this.#arePeersDue = true
    await this.#loop.start()
  }

  #assemble(
    state: PbftState,
    { txCountLimit, sequence }: { readonly txCountLimit: number; readonly sequence: number },
  ): Running {
    const host = this.#host
    const options = this.#options
    const { suite, keys, clock, chain, pool, blockClock } = host
    const signer = new Signer({ suite, keys, clock, isVoteBound: options.isVoteBound })
    const executions = new Executions({ executor: host.executor, suite, signer })
    const logger = host.logger.child('CONSENSUS', 'SEALER')
    const rotation = this.#extension?.rotation
    const sealing = { chain, pool, blockClock, clock: this.#clock, suite, logger, rotation }
    const sealer = new Sealer(sealing, options, txCountLimit)
    const effects = new Effects({
      host,
      options,
      signer,
      outgoing: this.#outgoing,
      rotation,
      executions,
      sealer,
      logger: this.#logger,
      clock: this.#clock,
      sequence,
    })
    const endings = [
      host.network.register(this.#outgoing.protocolId, (message, from) =>
        this.#receive({ message, from }),
      ),
      host.network.onConnection(() => {
        this.#arePeersDue = true
        this.#loop.wake()
      }),
      pool.onAdded(() => {
        if (this.#running !== undefined && isTurnToSeal(this.#running.state)) this.#tick()
      }),
    ]
    return {
      state,
      txCountLimit,
      effects,
      executions,
      sealer,
      sealAtMs: Infinity,
      liars: new Set(),
      endings,
    }
  }

  /** Resolves when the event at hand has been dealt with; later ones are dropped. */
  async stop(): Promise<void> {
    this.#end()
    await this.#loop.stop()
  }

  #end(): void {
    for (const end of this.#running?.endings ?? []) end()
    this.#running = undefined
    this.#outgoing.stop()
  }

  status(): ConsensusStatus {
    return statusOf(this.#running?.state ?? this.#stateAtRest(), this.#host.self)
  }

  progress(): ConsensusProgress {
    const state = this.#running?.state ?? this.#stateAtRest()
    return progressOf(state, { nowMs: this.#clock.nowMs(), pending: this.#host.pool.size() })
  }

  #stateAtRest(): PbftState {
    const { head, committee, consensusTimeoutMs } = viewChain(this.#host)
    return startPbft({ head, committee, consensusTimeoutMs, nowMs: 0, restored: undefined }).state
  }

  checkSyncedBlock(
    block: Block,
    hash: Uint8Array,
    evidence: SyncedBlockEvidence,
  ): SyncedBlockVerdict {
    return this.#synced.check(block, hash, evidence)
  }

  commitProof(hash: HashText): Uint8Array | undefined {
    return this.#synced.proofOf(hash)
  }

  isKin(nodeId: NodeId): boolean {
    return this.#kin.has(nodeId)
  }

  onBlockCommitted(): void {
    this.#isHeadDue = true
    this.#loop.wake()
  }

  #receive(incoming: Incoming): void {
    const { state } = this.#running ?? {}
    if (state === undefined || !isSealer(state.committee)) return
    if (this.#inbox.push(incoming)) this.#loop.wake()
    else this.#logger.debug('Too much from one peer, a message is dropped')
  }

  #tick(): void {
    this.#isTickDue = true
    this.#loop.wake()
  }

  /** Whatever goes wrong here is disk, ledger or our own mistake: the engine stops, once and for all. */
  #fail(failure: Error): void {
    this.#end()
    this.#logger.log('fatal', failure.message)
    this.#host.onFailure(failure)
  }

  /** Blocks first, then time, then peers. */
  #nextWork(): Promise<void> | undefined {
    const running = this.#running
    if (running === undefined) return undefined
    const first = this.#first
    if (first !== undefined) {
      this.#first = undefined
      return this.#settle(running, first)
    }
    if (this.#isHeadDue) {
      this.#isHeadDue = false
      return this.#onHead(running)
    }
    if (this.#arePeersDue) {
      this.#arePeersDue = false
      return this.#onPeers(running)
    }
    if (this.#isTickDue) {
      this.#isTickDue = false
      return this.#onTick(running)
    }
    const incoming = this.#inbox.shift()
    if (incoming === undefined) return undefined
    return this.#onMessage(running, incoming)
  }

  async #onHead(running: Running): Promise<void> {
    const event = headEvent(this.#host, this.#clock.nowMs())
    const { chain } = this.#host
    if (event.head.number <= running.state.head.number) return
    if (this.#logger.isOn('info')) {
      const txCount = chain.block(event.head.number)?.transactions.length ?? 0
      const block = { header: chain.head(), hash: event.head.hash, txCount }
      reportCommit(this.#logger, block, running.state)
    }
    await this.#submit(running, event)
  }

  async #onPeers(running: Running): Promise<void> {
    if (this.#sync.isHalted()) return
    const { sealers, working } = running.state.committee
    const { network } = this.#host
    const isThere = (index: number): boolean => network.isConnected(sealers[index] ?? '')
    const connected = working.filter(isThere)
    await this.#submit(running, { type: 'peers', connected, nowMs: this.#clock.nowMs() })
  }

  async #onTick(running: Running): Promise<void> {
    if (this.#sync.isHalted()) return
    const nowMs = this.#clock.nowMs()
    if (nowMs >= deadlineMs(running.state)) await this.#submit(running, { type: 'timer', nowMs })
    const sealing = this.#trySeal(running)
    if (sealing.type === 'wait') {
      running.sealAtMs = sealing.untilMs
      return
    }
    const { proposal } = sealing
    const { view } = running.state
    await this.#submit(running, {
      type: 'proposed',
      view,
      proposal,
      nowMs: this.#clock.nowMs(),
    })
  }

  #trySeal(running: Running): Sealing {
    const { sealer, state } = running
    if (!this.#sync.isSyncing()) return sealer.trySeal(state)
    const untilMs = isTurnToSeal(state) ? this.#clock.nowMs() + SYNC_POLL_MS : Infinity
    return { type: 'wait', untilMs }
  }

  async #onMessage(running: Running, { message, from }: Incoming): Promise<void> {
    const { state } = running
    const { committee } = state
    const index = committee.sealers.indexOf(from)
    if (!committee.working.includes(index) || index === committee.self) return
    this.#kin.note(message, from, index)
    if (this.#sync.isHalted()) return
    switch (message.packetType) {
      case PbftPacketType.packet:
      case PbftPacketType.prepareWithHashes:
        return this.#onPacket(running, { message, from }, index)
      case PbftPacketType.requestTransactions:
        return this.#onRequest(running, message.payload, from)
      case PbftPacketType.transactions:
        return this.#onAnswer(running, message.payload, from)
      case PbftPacketType.wantedPrepare:
        if (this.#outgoing.isRelayed) await this.#onPacket(running, { message, from }, index)
        return
      default:
        this.#outgoing.hear(message, from, () => this.#running?.state)
    }
  }

  async #onPacket(running: Running, incoming: Incoming, index: number): Promise<void> {
    const { message, from } = incoming
    const host = this.#host
    const reading = readPacket(
      {
        state: running.state,
        nowMs: this.#clock.nowMs(),
        suite: host.suite,
        txCountLimit: running.txCountLimit,
        deferUpTo: this.#sync.deferUpTo(),
        liars: running.liars,
        isPrepareRelayed: this.#outgoing.isRelayed,
        isConnected: (id) => host.network.isConnected(id),
        known: (hash) => host.pool.get(hash),
      },
      message.payload,
      index,
    )
    if ('reason' in reading) {
      if (this.#logger.isOn('trace')) {
        this.#logger.trace('Packet dropped', { reason: reading.reason, from: from.slice(0, 8) })
      }
      return
    }
    const { event, envelope, body } = reading
    if (body !== undefined) {
      const { committee, head } = running.state
      const owner = committee.sealers[body.index] ?? from
      const { packetType } = message
      // Before it is acted on: whoever waits for it must not wait for our execution too.
      this.#outgoing.passOn({ envelope, packetType, body, from, owner }, committee, head.number)
    }
    await this.#submit(running, event)
  }

  async #onRequest(running: Running, payload: Uint8Array, from: NodeId): Promise<void> {
    const request = this.#read(() => decodeTransactionsRequest(payload))
    const answer = request && answerRequest(running.state, request)
    if (answer === undefined) return
    this.#outgoing.send(from, PbftPacketType.transactions, encodeTransactionsAnswer(answer))
  }

  async #onAnswer(running: Running, payload: Uint8Array, from: NodeId): Promise<void> {
    const { round } = running.state
    if (round?.stage !== 'fetching') return
    const proposal = this.#read(() => {
      const answer = decodeTransactionsAnswer(payload)
      return answer.hash === round.proposal.hash
        ? fillIn(round.proposal, { ...answer, from }, this.#host)
        : undefined
    })
    if (proposal === undefined) return
    const nowMs = this.#clock.nowMs()
    await this.#submit(running, { type: 'filled', proposal, nowMs })
  }

  /** What a peer sent wrongly is dropped; what is our own mistake is not. */
  #read<T>(read: () => T): T | undefined {
    try {
      return read()
    } catch (error) {
      if (!isBcosError(error)) throw error
      this.#logger.trace('Packet dropped', { reason: error.message })
      return undefined
    }
  }

  async #submit(running: Running, event: PbftEvent): Promise<void> {
    await this.#settle(running, this.#apply(running, event))
  }

  #apply(running: Running, event: PbftEvent): Transition {
    const transition = this.#step(running.state, event)
    assertStep(running.state, transition)
    if (event.type === 'head') this.#onNewHeight(running)
    running.state = transition.state
    return transition
  }

  /** Carries out, in order: an effect stands behind another because it must not happen without it. */
  async #settle(running: Running, first: Transition): Promise<void> {
    const transitions = [first]
    for (const { state, effects } of transitions) {
      const events: PbftEvent[] = []
      for (const effect of effects) {
        if (this.#running !== running) return
        const event = await running.effects.carryOut(effect, state)
        if (event !== undefined) events.push(event)
      }
      if (this.#running !== running) return
      for (const event of events) transitions.push(this.#apply(running, event))
    }
    // Whatever happened may have made it our turn to seal, or ended it.
    this.#isTickDue = true
  }

  #onNewHeight(running: Running): void {
    const { txCountLimit } = viewChain(this.#host)
    running.txCountLimit = txCountLimit
    running.sealer.onTxCountLimit(txCountLimit)
    running.executions.clear()
    running.liars.clear()
    // Another committee has other sealers to be connected with.
    this.#arePeersDue = true
  }

  #deadlineMs(): number {
    const running = this.#running
    if (running === undefined || this.#sync.isHalted()) return Infinity
    return Math.min(deadlineMs(running.state), running.sealAtMs)
  }
}
