import { createLogger, type Logger, silentLogger, toHex } from '@bcos-ts/common'
import type { CryptoSuite } from '@bcos-ts/protocol/ports'
import {
  createSimulatedSuite,
  faultsEndMs,
  injectFaults,
  type NodeEnvironment,
  Prng,
  SimulatedCluster,
} from '@bcos-ts/testing/simulator'
import { Interposed } from '../adversaries/interposed.ts'
import { Checker } from '../checker.ts'
import { workersAt } from '../model/epoch.ts'
import { identitiesOf } from '../model/identity.ts'
import type { ModelMessage } from '../model/message.ts'
import { type ModelIdentity, ModelNode, type ModelNodeInit } from '../model/node.ts'
import { describeMessage, voteKindOf } from '../model/trace.ts'
import { type Cast, castOf } from './cast.ts'
import { Clients } from './clients.ts'
import { type GroupMessage, Machine } from './machine.ts'
import type { RunOptions, RunReport, Violation } from './options.ts'

/** Nothing may stand still for longer than this once faults have stopped. */
const STUCK_MAX_MS = 60_000
const BLOCKS_AFTER_FAULTS = 2
const FAULTS_MS = { min: 20_000, max: 90_000 }
const CALM_MS = { min: 0, max: 8000 }
const HOUR_MS = 3_600_000
const STARTING_MS = 5000

/** One seed: some groups on some machines, faults and calm in turn, and a judge for each group. */
class GroupRun {
  readonly #options: RunOptions
  readonly #prng: Prng
  readonly #suite: CryptoSuite = createSimulatedSuite()
  readonly #cast: Cast
  readonly #identities: readonly ModelIdentity[]
  readonly #cluster: SimulatedCluster<GroupMessage, Machine>
  readonly #checkers: readonly Checker[]
  readonly #clients: Clients
  readonly #faults: Record<string, number> = {}
  #transactions = 0
  #longestStuckMs = 0
  #stall: Violation | undefined

  constructor(options: RunOptions) {
    this.#options = options
    this.#prng = new Prng(options.seed)
    this.#cast = castOf(options, this.#prng)
    const sealers = identitiesOf(options.size, this.#suite)
    const identities = this.#cast.identityOf.map((index) => sealers[index])
    this.#identities = identities.filter((identity) => identity !== undefined)
    this.#cluster = new SimulatedCluster<GroupMessage, Machine>({
      seed: this.#prng.word(),
      size: this.#identities.length,
      skews: this.#cast.skews,
      disks: this.#cast.disks,
      createNode: (environment) => this.#createMachine(environment),
    })
    const sealerIds = sealers.map(({ nodeId }) => nodeId)
    this.#checkers = Array.from({ length: options.groups ?? 1 }, (_, group) =>
      this.#judge(group, sealerIds),
    )
    this.#clients = new Clients({
      cluster: this.#cluster,
      suite: this.#suite,
      prng: this.#prng.fork(),
      checkers: this.#checkers,
      companion: this.#cast.companion,
      perSecond: options.transactionsPerSecond ?? 1,
      isHonest: this.#cast.isHonest,
    })
    if (options.onTrace !== undefined) this.#cluster.startTracing(options.onTrace)
    this.#watch()
  }

  #judge(group: number, sealers: readonly string[]): Checker {
    const { engine, companion = 'shipping' } = this.#options
    return new Checker({
      suite: this.#suite,
      ...this.#membershipOf(sealers),
      nodeIds: this.#identities.map(({ nodeId }) => nodeId),
      nowMs: () => this.#cluster.world.nowMs(),
      voteRecord: (machine) => this.#cluster.disk(machine).durable(`${group}/votes`),
      isHonest: this.#cast.isHonest,
      isOnceOnly: companion === 'shipping',
      isVoteJudged: engine.isVoteJudged,
      isSigned: engine.isSigned,
    })
  }

  /** All seal, for good; with rPBFT some work at a time. */
  #membershipOf(sealers: readonly string[]): Pick<ModelNodeInit, 'membering' | 'epoch'> {
    const epoch = this.#options.engine.epochOf?.(sealers.length)
    if (epoch === undefined) return { epoch, membering: () => ({ sealers }) }
    return {
      epoch,
      membering: (height) => ({ sealers, workingSealers: workersAt(height, sealers, epoch) }),
    }
  }

  #watch(): void {
    this.#cluster.network.watch(({ from, to, message: { group, message } }) => {
      if (this.#cluster.isTracing) {
        const where = this.#checkers.length > 1 ? ` g${group + 1}` : ''
        this.#cluster.trace(`n${from} → n${to}${where} ${describeMessage(message)}`)
      }
      this.#checkers[group]?.onSent(from, message)
    })
  }

  async run(): Promise<RunReport> {
    const { world } = this.#cluster
    const endMs = this.#options.hours * HOUR_MS
    this.#cluster.startAll()
    this.#clients.start()
    await this.#runTo(STARTING_MS)
    const { signal, onProgress } = this.#options
    const isOver = (): boolean =>
      this.#violation() !== undefined || world.nowMs() >= endMs || signal?.aborted === true
    while (!isOver()) {
      await this.#faultyTime()
      await this.#recover()
      await this.#runTo(world.nowMs() + this.#prng.between(CALM_MS.min, CALM_MS.max))
      onProgress?.(this.#report())
    }
    return this.#report()
  }

  async #runTo(untilMs: number): Promise<void> {
    await this.#cluster.world.runUntil(() => this.#violation() !== undefined, untilMs)
  }

  /** Faults for a while; when it is over everybody is up and every link is whole. */
  async #faultyTime(): Promise<void> {
    const { world, network } = this.#cluster
    const { faults, faultyMs = FAULTS_MS } = this.#options
    const { profile, voteLoss } = faults
    const untilMs = world.nowMs() + this.#prng.between(faultyMs.min, faultyMs.max)
    const prng = this.#prng.fork()
    network.drop(({ message: { message } }) => {
      const kind = voteKindOf(message)
      return kind !== undefined && prng.chance(voteLoss[kind])
    })
    const plan = { prng: this.#prng.fork(), profile, untilMs }
    injectFaults(this.#cluster, {
      ...plan,
      onFault: (kind) => {
        this.#faults[kind] = (this.#faults[kind] ?? 0) + 1
      },
    })
    await this.#runTo(faultsEndMs(plan))
  }

  async #recover(): Promise<void> {
    const { world } = this.#cluster
    const fromMs = world.nowMs()
    const goals = this.#checkers.map((checker, group) => ({
      height: checker.height() + BLOCKS_AFTER_FAULTS,
      owed: this.#clients.owed(group),
    }))
    const isGroupWell = (group: number): boolean => {
      const { height = 0, owed = [] } = goals[group] ?? {}
      return this.#honest(group).every(
        (node) =>
          node.chain.height() >= height &&
          owed.every(
            ({ hashText }) =>
              this.#clients.isDropped(hashText) ||
              this.#checkers[group]?.isMined(hashText, node.chain.height()),
          ),
      )
    }
    const isOver = (): boolean =>
      this.#violation() !== undefined || goals.every((_, group) => isGroupWell(group))
    const isDone = await world.runUntil(isOver, fromMs + STUCK_MAX_MS)
    this.#longestStuckMs = Math.max(this.#longestStuckMs, world.nowMs() - fromMs)
    if (!isDone) this.#noteStall(goals)
  }

  #noteStall(
    goals: readonly {
      readonly height: number
      readonly owed: readonly { readonly hashText: string }[]
    }[],
  ): void {
    const seconds = (this.#cluster.world.nowMs() / 1000).toFixed(3)
    const groups = goals.map(({ height, owed }, group) => {
      const heights = this.#honest(group).map((node) => `n${node.index} at ${node.chain.height()}`)
      const lost = owed.filter(
        ({ hashText }) =>
          !this.#clients.isDropped(hashText) &&
          this.#checkers[group]?.isMined(hashText, Infinity) !== true,
      )
      return `group ${group + 1} wanted ${height}: ${heights.join(', ')}; ${lost.length} transactions not mined`
    })
    this.#stall = {
      invariant: 'progress',
      message: `at ${seconds} s, a minute after the faults: ${groups.join('; ')}`,
    }
  }

  #honest(group: number): ModelNode[] {
    return this.#cluster
      .nodes()
      .map(({ groups }) => groups[group])
      .filter((node) => node !== undefined && this.#cast.isHonest(node.index))
      .filter((node) => node !== undefined)
  }

  #violation(): Violation | undefined {
    for (const [group, { violation }] of this.#checkers.entries()) {
      if (violation === undefined) continue
      const invariant = /: ([a-z-]+):/.exec(violation.message)?.[1] ?? 'assertion'
      return { invariant, message: `group ${group + 1}, ${violation.message}` }
    }
    return this.#stall
  }

  #report(): RunReport {
    const { world, network } = this.#cluster
    const disks = this.#identities.map((_, index) => this.#cluster.disk(index).tally)
    return {
      seed: this.#options.seed,
      nodes: this.#identities.length,
      groups: this.#checkers.length,
      adversaries: this.#cast.names,
      simulatedMs: world.nowMs(),
      events: world.events,
      faults: {
        ...this.#faults,
        'message lost': network.tally.lost,
        'message doubled': network.tally.doubled,
        'write undone': sum(disks.map(({ undone }) => undone)),
        'write torn': sum(disks.map(({ torn }) => torn)),
      },
      blocks: sum(this.#checkers.map((checker) => checker.height())),
      transactions: this.#transactions,
      longestStuckMs: Math.round(this.#longestStuckMs),
      violation: this.#violation(),
    }
  }

  // Nodes

  #createMachine(environment: NodeEnvironment<GroupMessage>): Machine {
    const machine = new Machine(environment, this.#options.groups ?? 1, (inner, group) =>
      this.#createNode(inner, group),
    )
    for (const [group, node] of machine.groups.entries()) {
      this.#checkers[group]?.onRestarted(environment.index, node.chain)
    }
    return machine
  }

  #createNode(environment: NodeEnvironment<ModelMessage>, group: number): ModelNode {
    const { index } = environment
    const { engine, plant, pbft } = this.#options
    const kinds = this.#cast.kindsOf(index)
    const identities = this.#identities
    const groupId = group + 1
    const interposed =
      kinds.length === 0
        ? undefined
        : new Interposed(kinds, { environment, identities, suite: this.#suite, groupId })
    const sealers = [...new Set(identities.map(({ nodeId }) => nodeId))]
    const options = { ...this.#cast.pbft, ...pbft }
    const node = new ModelNode({
      environment: interposed?.environment ?? environment,
      identities,
      suite: this.#suite,
      ...this.#membershipOf(sealers),
      groupId,
      companion: this.#cast.companion,
      logger: this.#logger(index, group),
      isLedgerHasty: plant?.isLedgerHasty ?? false,
      isSyncCredulous: plant?.isSyncCredulous ?? false,
      alterHost: (host) => {
        const altered = interposed?.alterHost(host) ?? host
        return plant?.alterHost?.(altered) ?? altered
      },
      options,
      ...(plant?.step === undefined
        ? { createEngine: (host) => engine.create(host, environment.prng, options) }
        : { step: plant.step }),
      onCommitted: (block, hash) => {
        if (this.#cluster.isTracing) {
          this.#cluster.trace(`n${index} commits ${block.header.number} ${toHex(hash).slice(0, 8)}`)
        }
        const checker = this.#checkers[group]
        if (checker === undefined) return
        const before = checker.height()
        checker.onCommitted(index, block, hash)
        if (checker.height() > before) this.#transactions += block.transactions.length
      },
      onFailure: (error) => {
        const isConcerned = environment.isAlive() && this.#cast.isHonest(index)
        const text = error.stack ?? error.message
        if (isConcerned) this.#checkers[group]?.fail(index, `assertion: ${text}`)
      },
    })
    interposed?.attach(node)
    return node
  }

  #logger(index: number, group: number): Logger {
    if (this.#options.onTrace === undefined) return silentLogger
    return createLogger({
      isOn: (level) => level !== 'trace' && level !== 'debug',
      write: ({ badges, message, fields }) => {
        const text = Object.entries(fields).map(([key, value]) => `${key}=${value}`)
        const where = [...badges, `g:${group + 1}`].join('][')
        this.#cluster.trace(`n${index} [${where}] ${[message, ...text].join(',')}`)
      },
    })
  }
}

/** Runs one seed to its end, or to the first broken promise. */
export function runGroups(options: RunOptions): Promise<RunReport> {
  return new GroupRun(options).run()
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0)
}
