import type { Clock, Timers } from '@bcos-ts/common'
import { type DiskOptions, SimulatedDisk } from './disk.ts'
import { HEALTHY_LINKS, SimulatedNetwork } from './network.ts'
import { Prng } from './prng.ts'
import { NO_SKEW, type Skew, SkewedClock, World } from './world.ts'

export type NodeDisk = Pick<SimulatedDisk, 'read' | 'write'>

/** The world as one life of one node sees it. Dead after a crash: nothing that it started before still acts. */
export interface NodeEnvironment<TMessage> {
  readonly index: number
  readonly clock: Clock
  readonly timers: Timers
  readonly prng: Prng
  /** The same disk in every life. */
  readonly disk: NodeDisk
  readonly network: {
    send(to: number, message: TMessage): void
    isConnected(to: number): boolean
    /** Called with everything that arrives in this life. */
    onMessage(deliver: (message: TMessage, from: number) => void): void
  }
  isAlive(): boolean
}

/** What a cluster needs to know of a node; the rest is between the test and its nodes. */
export interface SimulatedNode {
  start(): void | Promise<void>
}

export interface ClusterInit<TMessage, TNode extends SimulatedNode> {
  readonly seed: number
  readonly size: number
  readonly skews?: readonly Skew[]
  readonly disks?: readonly DiskOptions[]
  /** Time of day when the world begins, milliseconds since the epoch. */
  readonly epochMs?: number
  /** How a node is made, at first and after each crash. */
  createNode(environment: NodeEnvironment<TMessage>): TNode
}

interface Slot<TNode> {
  readonly disk: SimulatedDisk
  readonly skew: Skew
  readonly clock: SkewedClock
  node: TNode | undefined
  life: { isOver: boolean }
}

const EPOCH_MS = 1_700_000_000_000

/** Nodes that the simulator can start, crash and start again on the disk they left behind. */
export class SimulatedCluster<TMessage, TNode extends SimulatedNode> {
  readonly world: World = new World({ turns: 0 })
  readonly prng: Prng
  readonly network: SimulatedNetwork<TMessage>
  readonly size: number
  readonly #init: ClusterInit<TMessage, TNode>
  readonly #slots: readonly Slot<TNode>[]
  readonly #trace: string[] = []
  #isTracing = false
  #writeTrace: ((line: string) => void) | undefined

  constructor(init: ClusterInit<TMessage, TNode>) {
    this.#init = init
    this.size = init.size
    this.prng = new Prng(init.seed)
    this.network = new SimulatedNetwork(this.world, this.prng.fork())
    this.#slots = Array.from({ length: init.size }, (_, index) => ({
      disk: new SimulatedDisk(this.world, this.prng.fork(), init.disks?.[index]),
      skew: init.skews?.[index] ?? NO_SKEW,
      clock: new SkewedClock(this.world, init.skews?.[index] ?? NO_SKEW, init.epochMs ?? EPOCH_MS),
      node: undefined,
      life: { isOver: true },
    }))
  }

  /** The node in its present life, `undefined` while it is down. */
  node(index: number): TNode | undefined {
    return this.#slots[index]?.node
  }

  nodes(): TNode[] {
    return this.#slots.map(({ node }) => node).filter((node) => node !== undefined)
  }

  disk(index: number): SimulatedDisk {
    return this.#slot(index).disk
  }

  isUp(index: number): boolean {
    return this.node(index) !== undefined
  }

  /** Indices of the nodes that run. */
  up(): number[] {
    return this.#slots.flatMap(({ node }, index) => (node === undefined ? [] : [index]))
  }

  start(index: number): void {
    const slot = this.#slot(index)
    if (slot.node !== undefined) return
    const life = { isOver: false }
    slot.life = life
    const node = this.#init.createNode(this.#environment(index, slot, life))
    slot.node = node
    this.trace(`n${index} starts`)
    void node.start()
  }

  startAll(): void {
    for (let index = 0; index < this.size; index++) this.start(index)
  }

  crash(index: number): void {
    const slot = this.#slot(index)
    if (slot.node === undefined) return
    slot.life.isOver = true
    slot.node = undefined
    slot.disk.crash()
    this.network.detach(index)
    this.trace(`n${index} crashes`)
  }

  /** Keeps a line for each thing that happens, or writes it; costs time, so it is off at first. */
  startTracing(write?: (line: string) => void): void {
    this.#isTracing = true
    this.#writeTrace = write
  }

  get isTracing(): boolean {
    return this.#isTracing
  }

  trace(line: string): void {
    if (!this.#isTracing) return
    const text = `${(this.world.nowMs() / 1000).toFixed(3).padStart(9)} ${line}`
    if (this.#writeTrace === undefined) this.#trace.push(text)
    else this.#writeTrace(text)
  }

  traceLines(): readonly string[] {
    return this.#trace
  }

  /** Somebody sets the clock of a node, running or not. */
  shiftClock(index: number, byMs: number): void {
    this.#slot(index).clock.shift(byMs)
    this.trace(`n${index} has its clock set by ${Math.round(byMs / 1000)} s`)
  }

  /** A network without faults, all links whole. */
  restoreNetwork(): void {
    this.network.setFaults(HEALTHY_LINKS)
    this.network.drop(() => false)
    this.network.heal()
  }

  #slot(index: number): Slot<TNode> {
    const slot = this.#slots[index]
    if (slot === undefined) throw new RangeError(`no node ${index}`)
    return slot
  }

  #environment(
    index: number,
    { disk, skew, clock }: Slot<TNode>,
    life: { readonly isOver: boolean },
  ): NodeEnvironment<TMessage> {
    const { world, network } = this
    return {
      index,
      clock,
      timers: {
        after: (delayMs, run) =>
          world.after(delayMs / (1 + skew.drift), () => {
            if (!life.isOver) run()
          }),
      },
      prng: this.prng.fork(),
      disk: diskOf(disk, life),
      network: {
        send: (to, message) => {
          if (!life.isOver) network.send(index, to, message)
        },
        isConnected: (to) => !life.isOver && network.isConnected(index, to),
        onMessage: (deliver) => network.attach(index, deliver),
      },
      isAlive: () => !life.isOver,
    }
  }
}

/** What a dead node still wants written never is, and never answers. */
function diskOf(disk: SimulatedDisk, life: { readonly isOver: boolean }): NodeDisk {
  return {
    read: (name) => disk.read(name),
    write: (name, bytes) => (life.isOver ? new Promise(() => {}) : disk.write(name, bytes)),
  }
}
