/**
 * A fresh node far behind four peers, one of whom lies and one of whom withholds, while links are cut and nodes are
 * started anew. For a test of fitting size, and for the long run of `run-long-sync.ts`.
 */
import { assert, type Logger } from '@bcos-ts/common'
import { decodeSyncPacket, encodeSyncPacket } from '@bcos-ts/ledger'
import { decodeBlock, encodeBlock, type NodeId } from '@bcos-ts/protocol'
import type { P2pMessage, TableStorage } from '@bcos-ts/protocol/ports'
import { mine, openTestChain, suite, testNodes, transaction } from './chain-kit.ts'
import { SimHub, type Surroundings } from './sim-network.ts'
import { headOf, heightOf, SimGroup, type SimNode } from './sim-node.ts'

const PEERS = 4
const LATE = 4
const LIAR = 0
const WITHHOLDER = 1
const HONEST = [2, 3] as const
/** First bytes of packets of blocks, and of requests for them. */
const BLOCKS_TYPE = 3
const REQUEST_TYPE = 4

const CUT_EVERY_MS = 7000
const CUT_MS = 2500
const RESTARTS = [0.2, 0.45, 0.7]
const STEP_MS = 50
const TRANSACTION_EVERY = 10

export interface LongSyncInit {
  readonly blocks: number
  readonly world: Surroundings & { pass(ms: number): Promise<unknown> }
  /** Opened and closed by who calls; the one of the fresh node is asked for anew after each restart. */
  readonly peers: TableStorage
  readonly openLate: () => Promise<TableStorage>
  readonly queueBytesMax: number
  readonly limitMs: number
  readonly logger?: Logger
  /** After each step, with the height of the fresh node. */
  readonly onStep?: (height: number) => void
}

export interface LongSyncReport {
  readonly requests: number
  /** Blocks that arrived at the fresh node, whole ones of liars among them. */
  readonly received: number
  /** Requests for blocks that the fresh node had on disk. */
  readonly requestsForKnown: number
  readonly restarts: number
  readonly cuts: number
  readonly lies: number
}

/** Makes the chain that the peers have. */
export async function mineLong(
  storage: TableStorage,
  blocks: number,
  onBlock?: (number: number) => void,
): Promise<void> {
  const nodes = testNodes(PEERS)
  const chain = await openTestChain(nodes, alreadyStarted(storage))
  for (let number = 1; number <= blocks; number++) {
    await mine(chain, nodes, number % TRANSACTION_EVERY === 0 ? [transaction()] : [])
    onBlock?.(number)
  }
}

/** Resolves when the fresh node has the head of the peers. */
export async function longSync(init: LongSyncInit): Promise<LongSyncReport> {
  return new LongSync(init).run()
}

/** One database for all peers: none of them writes. */
function alreadyStarted(storage: TableStorage): TableStorage {
  return {
    start: () => {},
    stop: () => {},
    select: (table, key) => storage.select(table, key),
    commit: (batch) => storage.commit(batch),
    committedBlock: () => storage.committedBlock(),
    scan: () => storage.scan(),
  }
}

class LongSync {
  readonly #init: LongSyncInit
  readonly #hub: SimHub
  readonly #group: SimGroup
  #requests = 0
  #received = 0
  #requestsForKnown = 0
  #restarts = 0
  #cuts = 0
  #lies = 0

  constructor(init: LongSyncInit) {
    this.#init = init
    this.#hub = new SimHub(init.world)
    this.#hub.isLogging = false
    this.#group = new SimGroup(
      this.#hub,
      [...testNodes(PEERS), ...testNodes(PEERS + 1).slice(-1)],
      PEERS,
    )
  }

  async run(): Promise<LongSyncReport> {
    const { world, blocks, limitMs, onStep } = this.#init
    this.#hub.tamper = (message, from, to) => this.#onTheWay(message, from, to)
    for (let index = 0; index < PEERS; index++) await this.#startPeer(index)
    let late = await this.#startLate()
    const startMs = world.nowMs()
    let cutAtMs = startMs + CUT_EVERY_MS
    while (heightOf(late) < blocks) {
      assert(world.nowMs() - startMs < limitMs, `block ${heightOf(late)} after ${limitMs} ms`)
      await world.pass(STEP_MS)
      onStep?.(heightOf(late))
      if (world.nowMs() >= cutAtMs) {
        cutAtMs += CUT_EVERY_MS
        this.#cut(late.id)
      }
      const share = RESTARTS[this.#restarts]
      if (share !== undefined && heightOf(late) >= share * blocks) late = await this.#restart(late)
    }
    const peer = this.#group.running.get(this.#idOf(HONEST[0]))
    assert(peer !== undefined && headOf(late) === headOf(peer), 'both have the same head')
    for (const node of this.#group.running.values()) await node.stop()
    return {
      requests: this.#requests,
      received: this.#received,
      requestsForKnown: this.#requestsForKnown,
      restarts: this.#restarts,
      cuts: this.#cuts,
      lies: this.#lies,
    }
  }

  #idOf(index: number): NodeId {
    return this.#group.identity(index).id
  }

  #startPeer(index: number): Promise<SimNode> {
    const { logger, peers } = this.#init
    return this.#group.start(index, {
      storage: alreadyStarted(peers),
      ...(logger === undefined ? {} : { logger }),
    })
  }

  async #startLate(): Promise<SimNode> {
    const { logger, openLate, queueBytesMax } = this.#init
    return this.#group.start(LATE, {
      storage: alreadyStarted(await openLate()),
      options: { blocks: { queueBytesMax } },
      ...(logger === undefined ? {} : { logger }),
    })
  }

  /** The fresh node, and one of those that serve it. */
  async #restart(late: SimNode): Promise<SimNode> {
    this.#restarts += 1
    const served = HONEST[this.#restarts % HONEST.length] ?? HONEST[0]
    await this.#group.running.get(this.#idOf(served))?.stop()
    await late.stop()
    await this.#startPeer(served)
    return this.#startLate()
  }

  /** One of the good links is gone for a while, each in its turn. */
  #cut(late: NodeId): void {
    const gone = this.#idOf(HONEST[this.#cuts % HONEST.length] ?? HONEST[0])
    this.#cuts += 1
    this.#hub.partition((a, b) => (a === late && b === gone) || (a === gone && b === late))
    this.#init.world.after(CUT_MS, () => this.#hub.partition(() => false))
  }

  #onTheWay(message: P2pMessage, from: NodeId, to: NodeId): P2pMessage | undefined {
    const late = this.#idOf(LATE)
    const type = message.payload[0]
    if (type === REQUEST_TYPE && from === late) this.#noteRequest(message)
    if (type !== BLOCKS_TYPE || to !== late) return message
    if (from === this.#idOf(WITHHOLDER)) return undefined
    const packet = decodeSyncPacket(message.payload)
    if (packet.type !== 'blocks') return message
    this.#received += packet.blocks.length
    return from === this.#idOf(LIAR) ? this.#lie(message, packet.blocks) : message
  }

  #noteRequest({ payload }: P2pMessage): void {
    const packet = decodeSyncPacket(payload)
    const late = this.#group.running.get(this.#idOf(LATE))
    if (packet.type !== 'blocksRequest' || late === undefined) return
    this.#requests += 1
    if (packet.from <= heightOf(late)) this.#requestsForKnown += 1
  }

  /** Blocks that look well until they are looked at closely: signed by nobody, or cut off. */
  #lie(message: P2pMessage, blocks: readonly Uint8Array[]): P2pMessage {
    this.#lies += 1
    const changed = blocks.map((bytes, place) => {
      if ((place + this.#lies) % 3 === 0) return bytes.slice(0, -1)
      const { block } = decodeBlock(bytes, suite)
      return encodeBlock({ ...block, header: { ...block.header, gasUsed: 1n } }, suite)
    })
    return { ...message, payload: encodeSyncPacket({ type: 'blocks', blocks: changed }) }
  }
}
