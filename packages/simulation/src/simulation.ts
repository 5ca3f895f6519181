import { createLogger, type Logger, silentLogger, toHex } from '@bcos-ts/common'
import type { PbftHost } from '@bcos-ts/consensus'
import type { NodeId, Transaction } from '@bcos-ts/protocol'
import type { ConsensusEngine, CryptoSuite } from '@bcos-ts/protocol/ports'
import {
  createSimulatedSuite,
  faultsEndMs,
  injectFaults,
  type NodeEnvironment,
  Prng,
  SimulatedCluster,
} from '@bcos-ts/testing/simulator'
import { Adversary } from './adversary.ts'
import { Checker } from './checker.ts'
import type { Membering } from './model/chain.ts'
import { workersAt } from './model/epoch.ts'
import { identitiesOf } from './model/identity.ts'
import type { ModelMessage } from './model/message.ts'
import { type ModelIdentity, ModelNode } from './model/node.ts'
import { raftOn, rpbftOn } from './model/other-engines.ts'
import { blockKindOf, describeMessage, voteKindOf } from './model/trace.ts'
import { modelTransaction } from './model/transaction.ts'
import { type Plan, planOf, type SimulationOptions } from './plan.ts'
import { RaftWatch } from './raft-watch.ts'

export interface SimulationResult {
  readonly seed: number
  /** Blocks agreed on. */
  readonly height: number
  readonly virtualMs: number
  readonly events: number
  /** From the end of faults until everybody went on; `undefined` when that did not happen. */
  readonly recoveryMs: number | undefined
  readonly violation: Error | undefined
  readonly trace: readonly string[]
}

/** Nobody waits longer than this for a group whose faults have ended. */
const RECOVERY_MAX_MS = 120_000
const BLOCKS_AFTER_FAULTS = 3

/** One cluster of the shipping driver and step in one seed's world. */
class Simulation {
  readonly cluster: SimulatedCluster<ModelMessage, ModelNode>
  readonly checker: Checker
  readonly #raftWatch: RaftWatch
  readonly #options: SimulationOptions
  readonly #plan: Plan
  readonly #prng: Prng
  readonly #suite: CryptoSuite
  readonly #identities: readonly ModelIdentity[]
  readonly #membering: Membering
  #transactions = 0

  constructor(options: SimulationOptions) {
    this.#options = options
    this.#suite = options.suite ?? createSimulatedSuite()
    this.#prng = new Prng(options.seed)
    this.#plan = planOf(options, this.#prng)
    const { size, skews, disks, byzantine } = this.#plan
    this.#identities = identitiesOf(size, this.#suite)
    this.#membering = (height) => this.#memberAt(height)
    this.cluster = new SimulatedCluster<ModelMessage, ModelNode>({
      seed: this.#prng.word(),
      size,
      skews,
      disks,
      createNode: (environment) => this.#createNode(environment),
    })
    this.checker = new Checker({
      suite: this.#suite,
      membering: this.#membering,
      epoch: this.#plan.epoch,
      isSigned: options.isRaft !== true,
      nodeIds: this.#identities.map(({ nodeId }) => nodeId),
      nowMs: () => this.cluster.world.nowMs(),
      voteRecord: (node) => this.cluster.disk(node).durable('votes'),
      isHonest: (node) => !byzantine.includes(node),
    })
    this.#raftWatch = new RaftWatch({
      suite: this.#suite,
      record: (node) => this.cluster.disk(node).durable('votes'),
      fail: (node, what) => this.checker.fail(node, what),
    })
    if (options.isTracing === true) this.cluster.startTracing()
    this.cluster.network.watch(({ from, to, message }) => {
      if (this.cluster.isTracing) {
        this.cluster.trace(`n${from} → n${to} ${describeMessage(message, options.isRaft)}`)
      }
      if (options.isRaft === true) this.#raftWatch.onSent(from, to, message)
      else this.checker.onSent(from, message)
    })
  }

  /** How the engine is made, where it is not PBFT. */
  #engine(
    { prng }: NodeEnvironment<ModelMessage>,
    isLiar: boolean,
  ): ((host: PbftHost) => ConsensusEngine) | undefined {
    const { isRaft = false, plant } = this.#options
    const { epoch, options, character } = this.#plan
    if (isRaft) return (host) => raftOn(host, prng, { options, step: plant?.raftStep })
    if (epoch === undefined) return undefined
    const skipsRotations = isLiar && character.isTwoFaced
    return (host) => rpbftOn(host, prng, { options, step: plant?.step, skipsRotations })
  }

  #memberAt(height: number): ReturnType<Membering> {
    const { change, epoch } = this.#plan
    const isSealer = (node: number): boolean =>
      node !== change?.node || change.isJoining === height >= change.atHeight
    const idsOf = (wanted: boolean): NodeId[] =>
      this.#identities.filter((_, index) => isSealer(index) === wanted).map(({ nodeId }) => nodeId)
    const sealers = idsOf(true)
    const members = { sealers, observers: idsOf(false) }
    if (epoch === undefined) return members
    return { ...members, workingSealers: workersAt(height, sealers, epoch) }
  }

  async run(): Promise<SimulationResult> {
    const { cluster, checker } = this
    const { faultsUntilMs, staysDown, profile } = this.#plan
    const faults = { prng: this.#prng.fork(), profile, untilMs: faultsUntilMs, staysDown }
    const { strangers } = this.#plan
    if (strangers !== undefined) cluster.network.unlink(...strangers)
    cluster.startAll()
    injectFaults(cluster, faults)
    this.#loseVotes()
    this.#sendTransactions(faultsUntilMs)
    const endMs = faultsEndMs(faults)
    const isOver = (): boolean => checker.violation !== undefined
    await cluster.world.runUntil(isOver, endMs)
    const recoveryMs = isOver() ? undefined : await this.#recover(endMs)
    return {
      seed: this.#options.seed,
      height: checker.height(),
      virtualMs: cluster.world.nowMs(),
      events: cluster.world.events,
      recoveryMs,
      violation: checker.violation ?? this.#stall(recoveryMs),
      trace: cluster.traceLines(),
    }
  }

  #loseVotes(): void {
    const { voteLoss } = this.#plan
    const prng = this.#prng.fork()
    this.cluster.network.drop(({ message }) => {
      const kind = this.#options.isRaft === true ? blockKindOf(message) : voteKindOf(message)
      return kind !== undefined && prng.chance(voteLoss[kind])
    })
  }

  #maybeDie(index: number): void {
    const { cluster } = this
    const { suddenDeath, faultsUntilMs } = this.#plan
    const isOver = cluster.world.nowMs() >= faultsUntilMs
    if (isOver || !this.#prng.chance(suddenDeath)) return
    cluster.world.after(0, () => cluster.crash(index))
    const { min, max } = this.#plan.profile.downMs
    cluster.world.after(this.#prng.between(min, max), () => cluster.start(index))
  }

  #stall(recoveryMs: number | undefined): Error | undefined {
    if (recoveryMs !== undefined) return undefined
    const heights = this.#honestNodes().map((node) => `n${node.index} at ${node.chain.height()}`)
    return new Error(`progress: no new blocks after the faults (${heights.join(', ')})`)
  }

  /** Faults are over: everybody who is there must go on, and what clients send must be mined. */
  async #recover(fromMs: number): Promise<number | undefined> {
    const { world } = this.cluster
    const from = this.checker.height()
    const sent: Transaction[] = []
    const keepSending = (): void => {
      sent.push(this.#submit(1))
      world.after(400, keepSending)
    }
    keepSending()
    const isRecovered = (): boolean =>
      this.checker.violation !== undefined ||
      this.#honestNodes().every(
        (node) =>
          node.chain.height() >= from + BLOCKS_AFTER_FAULTS &&
          sent
            .slice(0, 3)
            .every(({ hashText }) => this.checker.isMined(hashText, node.chain.height())),
      )
    const isDone = await world.runUntil(isRecovered, fromMs + RECOVERY_MAX_MS)
    return isDone ? world.nowMs() - fromMs : undefined
  }

  #honestNodes(): ModelNode[] {
    return this.cluster.nodes().filter((node) => !this.#plan.byzantine.includes(node.index))
  }

  #sendTransactions(untilMs: number): void {
    const { world } = this.cluster
    const next = (): void => {
      if (world.nowMs() >= untilMs) return
      this.#submit(this.#prng.pick([1, 0.7, 0.4]))
      world.after(this.#prng.between(20, 800), next)
    }
    world.after(this.#prng.between(0, 500), next)
  }

  /** A client's transaction reaches each node with some probability, sooner or later. */
  #submit(reach: number): Transaction {
    const { cluster, checker } = this
    this.#transactions++
    const transaction = modelTransaction(this.#transactions, this.#suite, {
      height: this.checker.height(),
    })
    checker.onSubmitted(transaction.hashText)
    for (const index of cluster.up()) {
      const isReached = this.#prng.chance(reach)
      const delayMs = this.#prng.between(0, 200)
      if (isReached) cluster.world.after(delayMs, () => cluster.node(index)?.submit(transaction))
    }
    return transaction
  }

  #createNode(environment: NodeEnvironment<ModelMessage>): ModelNode {
    const { index } = environment
    const { plant } = this.#options
    const adversary = this.#plan.byzantine.includes(index)
      ? this.#adversary(environment)
      : undefined
    const node = new ModelNode({
      environment: adversary?.environment ?? environment,
      identities: this.#identities,
      suite: this.#suite,
      membering: this.#membering,
      epoch: this.#plan.epoch,
      createEngine: this.#engine(environment, adversary !== undefined),
      options: this.#plan.options,
      companion: this.#options.companion ?? 'simple',
      isLedgerHasty: plant?.isLedgerHasty ?? false,
      isSyncCredulous: plant?.isSyncCredulous ?? false,
      logger: this.#logger(index),
      ...(plant?.step === undefined ? {} : { step: plant.step }),
      ...(plant?.alterHost === undefined ? {} : { alterHost: plant.alterHost }),
      onCommitted: (block, hash) => {
        if (this.cluster.isTracing) {
          this.cluster.trace(`n${index} commits ${block.header.number} ${toHex(hash).slice(0, 8)}`)
        }
        const isFirst = block.header.number > this.checker.height()
        this.checker.onCommitted(index, block, hash)
        if (isFirst) this.#maybeDie(index)
      },
      onFailure: (error) => {
        if (environment.isAlive())
          this.checker.fail(index, `stopped: ${error.stack ?? error.message}`)
      },
    })
    adversary?.attach(node)
    this.checker.onRestarted(index, node.chain)
    return node
  }

  #adversary(environment: NodeEnvironment<ModelMessage>): Adversary {
    return new Adversary({
      environment,
      identities: this.#identities,
      suite: this.#suite,
      character: this.#plan.character,
    })
  }

  #logger(index: number): Logger {
    if (this.#options.isTracing !== true) return silentLogger
    return createLogger({
      isOn: (level) => level !== 'trace',
      write: ({ badges, message, fields }) => {
        const text = Object.entries(fields).map(([key, value]) => `${key}=${value}`)
        this.cluster.trace(`n${index} [${badges.join('][')}] ${[message, ...text].join(',')}`)
      },
    })
  }
}

export function simulate(options: SimulationOptions): Promise<SimulationResult> {
  return new Simulation(options).run()
}
