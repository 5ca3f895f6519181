import { isBcosError, LruMap, randomBelow } from '@bcos-ts/common'
import { type HashText, type NodeId, placeInTree } from '@bcos-ts/protocol'
import type { P2pMessage } from '@bcos-ts/protocol/ports'
import { type Committee, isSealer, leaderOf } from '../committee.ts'
import type { Passage, Spreading } from '../driver/extension.ts'
import { decodePrepare, encodeEnvelope, encodePrepare } from '../pbft/codec.ts'
import { type Envelope, PacketId, PbftPacketType, type SignedBody } from '../pbft/messages.ts'
import { encodeWholeProposal } from '../pbft/proposal.ts'
import { consensusHeight, type PbftState } from '../pbft/state.ts'
import type { RpbftHost, RpbftOptions } from './host.ts'
import { decodeMention, encodeMention, type Mention } from './mention.ts'

/** Prepares that can be asked for, of the last few views. */
const HELD_MAX = 8
/** Hashes that were passed on or asked for. */
const REMEMBERED_MAX = 1024
/** Mentions that wait for the tree to do its work. */
const WAITING_MAX = 32

type TreeHost = Pick<RpbftHost, 'network' | 'self' | 'suite' | 'timers' | 'random'>

/**
 * Proposals go down a tree of the working sealers whose root is the leader (spec 04 §7.6), so that a leader of a
 * hundred sends three packets. Each who has one mentions it to a few others, who ask for what the tree did not bring.
 * All other packets go the plain way.
 */
export class PrepareTree implements Spreading {
  readonly isRelayed = true
  readonly #host: TreeHost
  readonly #options: RpbftOptions
  readonly #plain: Spreading
  /** By proposal hash: what the leader signed, without the block. */
  readonly #held = new LruMap<HashText, SignedBody>(HELD_MAX)
  readonly #passedOn = new LruMap<string, true>(REMEMBERED_MAX)
  readonly #askedFor = new LruMap<string, true>(REMEMBERED_MAX)
  readonly #waiting = new Set<() => void>()

  constructor(host: TreeHost, options: RpbftOptions, plain: Spreading) {
    this.#host = host
    this.#options = options
    this.#plain = plain
  }

  get protocolId(): number {
    return this.#plain.protocolId
  }

  send(to: NodeId, packetType: number, payload: Uint8Array): void {
    this.#plain.send(to, packetType, payload)
  }

  sendPacket(to: NodeId, packetId: number, data: Uint8Array): void {
    this.#plain.sendPacket(to, packetId, data)
  }

  broadcast(
    committee: Committee,
    packetType: number,
    packet: Pick<Envelope, 'packetId' | 'data' | 'isEmptyBlock'>,
  ): void {
    if (packet.packetId !== PacketId.prepare) {
      this.#plain.broadcast(committee, packetType, packet)
      return
    }
    const { block: _, ...body } = decodePrepare(packet.data)
    this.#held.set(body.hash, body)
    const { ttl, isTtlOptimized } = this.#options
    const payload = encodeEnvelope({ ...packet, ttl, forward: isTtlOptimized ? [] : undefined })
    this.#sendToChildren({ committee, root: committee.self, packetType, payload, from: undefined })
  }

  passOn(passage: Passage, committee: Committee, height: number): void {
    const { envelope, body, packetType, from } = passage
    if (envelope.packetId !== PacketId.prepare) {
      this.#plain.passOn(passage, committee, height)
      return
    }
    const { hash, view, index } = body
    if (body.height !== height + 1 || !this.#isFirst(this.#passedOn, `${hash} ${view}`)) return
    const { height: number, timestamp, signature, signature2 } = body
    this.#held.set(hash, { height: number, view, index, hash, timestamp, signature, signature2 })
    // What was asked for has missed the tree, and those below have been told by others.
    if (packetType !== PbftPacketType.wantedPrepare) {
      const payload = encodeEnvelope(envelope)
      this.#sendToChildren({ committee, root: index, packetType, payload, from })
    }
    if (!envelope.isEmptyBlock) this.#mention(committee, { height: number, view, index, hash })
  }

  hear(message: P2pMessage, from: NodeId, now: () => PbftState | undefined): void {
    try {
      const mention = decodeMention(message.payload)
      if (message.packetType === PbftPacketType.prepareWanted) this.#answer(mention, from, now())
      else if (message.packetType === PbftPacketType.prepareMention) this.#chase(mention, from, now)
    } catch (error) {
      if (!isBcosError(error)) throw error
    }
  }

  stop(): void {
    for (const cancel of this.#waiting) cancel()
    this.#waiting.clear()
  }

  #sendToChildren(message: {
    readonly committee: Committee
    /** Index of the leader. */
    readonly root: number
    readonly packetType: number
    readonly payload: Uint8Array
    readonly from: NodeId | undefined
  }): void {
    const { committee, root, packetType, payload, from } = message
    const { children } = this.#place(committee, root)
    const targets = children.filter((id) => id !== from)
    this.#host.network.multicast(targets, { protocolId: this.protocolId, packetType, payload })
  }

  #place(committee: Committee, root: number): ReturnType<typeof placeInTree> {
    const { self } = this.#host
    const { workingIds: consensusNodes } = committee
    const reachable = new Set(this.#reachable(committee))
    return placeInTree({ self, consensusNodes, reachable }, committee.working.indexOf(root))
  }

  #reachable({ workingIds }: Committee): NodeId[] {
    const { network, self } = this.#host
    return workingIds.filter((id) => id !== self && network.isConnected(id))
  }

  /** To sealers chosen by chance: whoever the tree has missed hears of it from one or the other. */
  #mention(committee: Committee, mention: Mention): void {
    const others = this.#reachable(committee)
    const wanted = Math.ceil((committee.working.length * this.#options.mentionPercent) / 100)
    const payload = encodeMention(mention)
    for (let left = Math.min(wanted, others.length); left > 0; left--) {
      const [chosen] = others.splice(randomBelow(this.#host.random, others.length), 1)
      if (chosen !== undefined) this.send(chosen, PbftPacketType.prepareMention, payload)
    }
  }

  /** A mentioned proposal that does not come by itself is asked for. */
  #chase(mention: Mention, from: NodeId, now: () => PbftState | undefined): void {
    const state = now()
    if (state === undefined || !isUnknown(state, mention)) return
    const { committee } = state
    const { index } = mention
    if (
      index === committee.self ||
      index !== leaderOf(committee, mention.view, state.head.number)
    ) {
      return
    }
    const [parent] = this.#place(committee, index).ancestors
    if (parent === undefined) {
      this.#ask(mention, from)
      return
    }
    if (this.#waiting.size >= WAITING_MAX) return
    const cancel = this.#host.timers.after(this.#options.prepareWaitMs, () => {
      this.#waiting.delete(cancel)
      const later = now()
      if (later !== undefined && isUnknown(later, mention)) this.#ask(mention, from)
    })
    this.#waiting.add(cancel)
  }

  #ask(mention: Mention, from: NodeId): void {
    const { hash, view } = mention
    if (!this.#isFirst(this.#askedFor, `${from} ${hash} ${view}`)) return
    this.send(from, PbftPacketType.prepareWanted, encodeMention(mention))
  }

  #answer({ hash, view }: Mention, to: NodeId, state: PbftState | undefined): void {
    const body = this.#held.get(hash)
    const block = state?.round?.proposal.hash === hash ? state.round.proposal.block : undefined
    if (body === undefined || body.view !== view || block === undefined) return
    const data = encodePrepare({ ...body, block: encodeWholeProposal(block, this.#host.suite) })
    const packet = { packetId: PacketId.prepare, ttl: 1, isEmptyBlock: false, data }
    const forward = this.#options.isTtlOptimized ? [] : undefined
    this.send(to, PbftPacketType.wantedPrepare, encodeEnvelope({ ...packet, forward }))
  }

  #isFirst(remembered: LruMap<string, true>, key: string): boolean {
    if (remembered.has(key)) return false
    remembered.set(key, true)
    return true
  }
}

/** Of the height being agreed on, of this view or a later one, and not here. */
function isUnknown(state: PbftState, { height, view, hash }: Mention): boolean {
  const { round, future } = state
  if (!isSealer(state.committee) || height !== consensusHeight(state) || view < state.view) {
    return false
  }
  if (round?.proposal.hash === hash && round.view >= view) return false
  return !future.some((one) => one.proposal.hash === hash && one.view >= view)
}
