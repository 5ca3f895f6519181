import { type Clock, isBcosError, type Logger, SteadyClock, toHex } from '@bcos-ts/common'
import { type Block, decodeBlock, type NodeId, type Transaction } from '@bcos-ts/protocol'
import {
  type ConsensusEngine,
  type ConsensusStatus,
  type ExecutedBlock,
  P2pModule,
  protocolIdOf,
  type SyncedBlockVerdict,
} from '@bcos-ts/protocol/ports'
import { isSealer, NOT_A_SEALER } from '../committee.ts'
import { viewChain } from '../driver/chain-view.ts'
import { refusesSyncedHeader, syncedBlockTerms } from '../driver/check-synced-block.ts'
import { Inbox, type Incoming } from '../driver/inbox.ts'
import { shortHash } from '../driver/report.ts'
import { SyncView } from '../driver/sync-view.ts'
import { WorkLoop } from '../driver/work-loop.ts'
import { HostFailedError } from '../errors.ts'
import {
  completeProposal,
  type CompleteProposal,
  decodeProposal,
  encodeWholeProposal,
} from '../pbft/proposal.ts'
import { decideSealing, EMPTY_BLOCK_INTERVAL_MS } from '../sealer/policy.ts'
import { proposalBlock } from '../sealer/proposal-block.ts'
import { decodeRaftMessage, encodeRaftMessage } from './codec.ts'
import { RAFT_DEFAULTS, type RaftHost, type RaftOptions } from './host.ts'
import { assertRaftStep } from './invariants.ts'
import { isTurnToSealRaft } from './leading.ts'
import type { Heartbeat, RaftMessage } from './messages.ts'
import { encodeRaftRecord, newestRaftRecord } from './record.ts'
import type { Chance, Entry, RaftEffect, RaftEvent, RaftState } from './state.ts'
import { raftStep, startRaft } from './step.ts'
import { raftDeadlineMs } from './timing.ts'

/** How often a leader that synchronises looks whether it may seal. */
const SYNC_POLL_MS = 200
const PACKET_TYPE = 0

export interface RaftDriverInit {
  readonly host: RaftHost
  readonly options?: Partial<RaftOptions>
  /** Another protocol of the same shape. For tests that plant mistakes. */
  readonly step?: typeof raftStep
}

/** Feeds one {@link raftStep} with what happens around it and carries out what it wants, one event at a time. */
export class RaftDriver implements ConsensusEngine {
  readonly type = 'raft'
  readonly #host: RaftHost
  readonly #options: RaftOptions
  readonly #step: typeof raftStep
  readonly #logger: Logger
  readonly #inbox = new Inbox()
  readonly #clock: Clock
  readonly #loop: WorkLoop
  readonly #sync: SyncView
  #state: RaftState | undefined
  #sequence = 0
  #endings: readonly (() => void)[] = []
  #isHeadDue = false
  #isTickDue = false
  #sealAtMs = Infinity
  /** The execution of one proposal of the height: the leader's own, before it is proposed. */
  #executed: { readonly hash: string; readonly block: ExecutedBlock } | undefined

  constructor(init: RaftDriverInit) {
    this.#host = init.host
    this.#sync = new SyncView(init.host.sync)
    this.#options = { ...RAFT_DEFAULTS, ...init.options }
    this.#step = init.step ?? raftStep
    this.#clock = new SteadyClock(init.host.clock)
    this.#logger = init.host.logger.child('CONSENSUS', 'RAFTENGINE')
    this.#loop = new WorkLoop({
      clock: this.#clock,
      timers: init.host.timers,
      next: () => this.#nextWork(),
      deadlineMs: () =>
        this.#state === undefined || this.#sync.isHalted()
          ? Infinity
          : Math.min(raftDeadlineMs(this.#state), this.#sealAtMs),
      onDeadline: () => {
        this.#isTickDue = true
      },
      onFailure: (error) => this.#fail(error),
    })
  }

  /** Throws `CONSENSUS_VOTES_CORRUPT` when the node's own promises cannot be read. */
  async start(): Promise<void> {
    if (this.#state !== undefined) return
    const host = this.#host
    const record = newestRaftRecord(host.votes.restore(), host.suite)
    const { head, committee } = viewChain(host)
    this.#sequence = record?.sequence ?? 0
    this.#state = startRaft({ head, committee, restored: record?.kept, ...this.#moment() })
    this.#endings = [
      host.network.register(this.#protocolId, (message, from) => this.#receive({ message, from })),
      host.pool.onAdded(() => this.#tick()),
    ]
    this.#isTickDue = true
    await this.#loop.start()
  }

  async stop(): Promise<void> {
    this.#end()
    await this.#loop.stop()
  }

  status(): ConsensusStatus {
    const { head, committee } = this.#state ?? viewChain(this.#host)
    const { sealers, self } = committee
    const leader = this.#state?.leader
    return {
      nodeCount: sealers.length,
      index: self,
      maxFaulty: Math.floor(Math.max(sealers.length - 1, 0) / 2),
      consensusNumber: head.number + 1,
      isSealer: self !== NOT_A_SEALER,
      view: 0,
      toView: 0,
      isLeaderFailed: leader === undefined,
      sealers,
      leader: leader === undefined ? undefined : sealers[leader],
      views: [],
    }
  }

  /** Blocks of Raft carry no signatures: whoever serves one has committed it (spec 04 §8.3). */
  checkSyncedBlock(block: Block, hash: Uint8Array): SyncedBlockVerdict {
    const refusal = refusesSyncedHeader(block, hash, syncedBlockTerms(this.#host))
    return refusal === undefined ? { signatures: [], isDecided: true } : { refusal }
  }

  onBlockCommitted(): void {
    this.#isHeadDue = true
    this.#loop.wake()
  }

  get #protocolId(): number {
    return protocolIdOf(this.#host.groupId, P2pModule.raft)
  }

  #moment(): Chance {
    const [a = 0, b = 0] = this.#host.random.bytes(2)
    return { nowMs: this.#clock.nowMs(), chance: ((a << 8) | b) / 2 ** 16 }
  }

  #end(): void {
    for (const end of this.#endings) end()
    this.#endings = []
    this.#state = undefined
  }

  #fail(error: Error): void {
    this.#end()
    this.#logger.log('fatal', error.message)
    this.#host.onFailure(error)
  }

  #receive(incoming: Incoming): void {
    if (this.#state === undefined || !isSealer(this.#state.committee)) return
    if (this.#inbox.push(incoming)) this.#loop.wake()
  }

  #tick(): void {
    this.#isTickDue = true
    this.#loop.wake()
  }

  /** Blocks first, then time, then peers. */
  #nextWork(): Promise<void> | undefined {
    const state = this.#state
    if (state === undefined) return undefined
    if (this.#isHeadDue) {
      this.#isHeadDue = false
      return this.#onHead(state)
    }
    if (this.#isTickDue) {
      this.#isTickDue = false
      return this.#onTick(state)
    }
    const incoming = this.#inbox.shift()
    return incoming === undefined ? undefined : this.#onMessage(state, incoming)
  }

  async #onHead(state: RaftState): Promise<void> {
    const { head, committee } = viewChain(this.#host)
    if (head.number <= state.head.number) return
    const { header, transactions } = this.#host.chain.block(head.number) ?? {}
    this.#logger.info('^^^^^^^^Report', {
      num: head.number,
      sealerIdx: header?.sealer ?? 0n,
      hash: shortHash(head.hash),
      next: head.number + 1,
      tx: transactions?.length ?? 0,
      nodeIdx: committee.self,
    })
    this.#executed = undefined
    await this.#submit({ type: 'head', head, committee, ...this.#moment() })
  }

  async #onTick(state: RaftState): Promise<void> {
    if (this.#sync.isHalted()) return
    const moment = this.#moment()
    if (moment.nowMs >= raftDeadlineMs(state)) await this.#submit({ type: 'timer', ...moment })
    const { proposal, untilMs } = this.#trySeal()
    this.#sealAtMs = untilMs
    if (proposal === undefined || this.#state === undefined) return
    const { term } = this.#state
    await this.#submit({ type: 'sealed', term, proposal, ...this.#moment() })
  }

  #trySeal(): { readonly proposal?: CompleteProposal; readonly untilMs: number } {
    const state = this.#state
    const { pool, chain, blockClock, suite } = this.#host
    if (state === undefined || !isTurnToSealRaft(state)) return { untilMs: Infinity }
    const nowMs = this.#clock.nowMs()
    if (this.#sync.isSyncing()) return { untilMs: nowMs + SYNC_POLL_MS }
    // An idle leader seals nothing: empty blocks are never committed, and heartbeats show that it is alive.
    if (pool.size() === 0) return { untilMs: Infinity }
    const { txCountLimit } = viewChain(this.#host)
    const { minBlockGenerationMs } = this.#options
    const { lastConsensusMs, committee } = state
    const decision = decideSealing({
      nowMs,
      lastConsensusMs,
      view: 0,
      pending: pool.size(),
      limit: txCountLimit,
      minBlockGenerationMs: Math.min(minBlockGenerationMs, EMPTY_BLOCK_INTERVAL_MS),
    })
    if (decision.type === 'wait') return { untilMs: decision.untilMs }
    const transactions = pool.fetch(txCountLimit, new Set())
    if (transactions.length === 0) return { untilMs: Infinity }
    const parent = chain.head()
    const parts = { parent, parentHash: chain.headHash(), transactions, committee }
    const block = proposalBlock({ ...parts, nowMs: blockClock.nowMs() }, suite)
    const proposal = completeProposal(block, suite)
    // What cannot be executed must not be accepted by a majority: it would stand in the way for ever.
    if (this.#execute(proposal) === undefined) return { untilMs: nowMs + EMPTY_BLOCK_INTERVAL_MS }
    this.#logger.info('++++++++++++++++ Generating seal on', {
      blkNum: block.header.number,
      tx: transactions.length,
      nodeIdx: committee.self,
      hash: shortHash(proposal.hash),
    })
    return { proposal, untilMs: Infinity }
  }

  #execute(proposal: CompleteProposal): ExecutedBlock | undefined {
    if (this.#executed?.hash === proposal.hash) return this.#executed.block
    try {
      const block = this.#host.executor.execute(proposal.block)
      this.#executed = { hash: proposal.hash, block }
      return block
    } catch (error) {
      if (!isBcosError(error)) throw error
      this.#logger.warn('The block cannot be executed', {
        num: proposal.header.number,
        reason: error.message,
      })
      return undefined
    }
  }

  async #onMessage(state: RaftState, { message, from }: Incoming): Promise<void> {
    if (this.#sync.isHalted()) return
    const { committee } = state
    const index = committee.sealers.indexOf(from)
    if (message.packetType !== PACKET_TYPE || index < 0 || index === committee.self) return
    const event = this.#read(message.payload, index)
    if (event !== undefined) await this.#submit(event)
  }

  /** Identity is that of the session: a message in the name of another is dropped, and so is what is no message. */
  #read(payload: Uint8Array, from: number): RaftEvent | undefined {
    try {
      const message = decodeRaftMessage(payload)
      if (message.index !== from) return undefined
      return this.#eventOf(message, from)
    } catch (error) {
      if (!isBcosError(error)) throw error
      this.#logger.trace('Packet dropped', { reason: error.message })
      return undefined
    }
  }

  #eventOf(message: RaftMessage, from: number): RaftEvent {
    const moment = this.#moment()
    switch (message.type) {
      case 'voteRequest':
        return { type: 'voteRequest', from, message, ...moment }
      case 'voteResponse':
        return { type: 'voteResponse', from, message, ...moment }
      case 'heartbeat':
        return { type: 'heartbeat', from, message, proposal: this.#proposalIn(message), ...moment }
      case 'heartbeatResponse':
        return { type: 'heartbeatResponse', from, message, ...moment }
    }
  }

  /** The next block of our own chain, with good signatures, or nothing. */
  #proposalIn({ block: bytes, term }: Heartbeat): CompleteProposal | undefined {
    const state = this.#state
    if (bytes.length === 0 || state === undefined || term < state.term) return undefined
    const { suite, pool } = this.#host
    const { block } = decodeBlock(bytes, suite)
    if (block.header.number !== state.head.number + 1) return undefined
    const { hash } = completeProposal(block, suite)
    if (state.entry?.proposal.hash === hash) return state.entry.proposal
    const { txCountLimit, committee } = viewChain(this.#host)
    const read = decodeProposal(bytes, { hash, txCountLimit }, suite)
    const isOfOurs =
      toHex(read.header.parentHash) === state.head.hash &&
      read.header.sealerList.join() === committee.workingIds.join()
    if (!isOfOurs || read.block === undefined) return undefined
    const transactions: Transaction[] = []
    for (const transaction of read.block.transactions) {
      const known = pool.get(transaction.hashText)
      if (known === undefined && transaction.sender(suite) === undefined) return undefined
      transactions.push(known ?? transaction)
    }
    return { ...read, block: { ...read.block, transactions } }
  }

  async #submit(first: RaftEvent): Promise<void> {
    const events = [first]
    for (const event of events) {
      const before = this.#state
      if (before === undefined) return
      const transition = this.#step(before, event)
      assertRaftStep(before, transition)
      this.#state = transition.state
      this.#reportRole(before, transition.state)
      for (const effect of transition.effects) {
        const next = await this.#carryOut(effect, transition.state)
        if (this.#state === undefined) return
        if (next !== undefined) events.push(next)
      }
    }
    // Whatever happened may have made it our turn to seal.
    this.#isTickDue = true
  }

  #reportRole(before: RaftState, { role, term, leader, committee }: RaftState): void {
    if (before.role === role && before.leader === leader) return
    this.#logger.info('Role', { role, term, leader: leader ?? 'none', nodeIdx: committee.self })
  }

  async #carryOut(effect: RaftEffect, state: RaftState): Promise<RaftEvent | undefined> {
    switch (effect.type) {
      case 'persist':
        await this.#persist(effect.record, state)
        return undefined
      case 'broadcast':
        return this.#broadcast(effect.message, state)
      case 'sendHeartbeat':
        return this.#broadcast({ ...effect.message, block: this.#bytesOf(effect.entry) }, state)
      case 'answer': {
        const to = state.committee.sealers[effect.to]
        if (to !== undefined) this.#send([to], effect.message)
        return undefined
      }
      case 'commit':
        return this.#commit(effect)
    }
  }

  async #persist(
    kept: Extract<RaftEffect, { type: 'persist' }>['record'],
    state: RaftState,
  ): Promise<void> {
    this.#sequence++
    const record = encodeRaftRecord({ sequence: this.#sequence, kept }, this.#host.suite)
    try {
      await this.#host.votes.persist(record)
    } catch (error) {
      throw new HostFailedError('keeping an own vote', state.head.number + 1, error)
    }
  }

  #bytesOf(entry: Entry | undefined): Uint8Array {
    return entry === undefined
      ? new Uint8Array(0)
      : encodeWholeProposal(entry.proposal.block, this.#host.suite)
  }

  #broadcast(message: RaftMessage, { committee }: RaftState): undefined {
    this.#send(
      committee.sealers.filter((id) => id !== this.#host.self),
      message,
    )
  }

  #send(to: readonly NodeId[], message: RaftMessage): void {
    const { network } = this.#host
    const payload = encodeRaftMessage(message)
    network.multicast(
      to.filter((id) => network.isConnected(id)),
      {
        protocolId: this.#protocolId,
        packetType: PACKET_TYPE,
        payload,
      },
    )
  }

  /** Synchronisation may have been faster: then there is nothing left to write. */
  async #commit({
    proposal,
    expected,
  }: Extract<RaftEffect, { type: 'commit' }>): Promise<RaftEvent | undefined> {
    const { chain } = this.#host
    const { number } = proposal.header
    const executed = chain.head().number < number ? this.#execute(proposal) : undefined
    const hash = executed === undefined ? undefined : toHex(executed.hash)
    const isOther = expected !== undefined && hash !== undefined && hash !== expected
    if (isOther) return { type: 'mismatched', hash: expected, ...this.#moment() }
    if (executed !== undefined) {
      try {
        await chain.commit(executed, [])
      } catch (error) {
        const isOvertaken = chain.head().number >= number
        if (!isOvertaken) throw new HostFailedError('committing the block', number, error)
      }
    }
    this.#isHeadDue = true
    return undefined
  }
}
