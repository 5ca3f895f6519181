/**
 * Sending to the other sealers, and passing on what they cannot reach themselves (spec 04 §6.9).
 * @module
 */
import { LruMap, toHex } from '@bcos-ts/common'
import type { NodeId } from '@bcos-ts/protocol'
import { P2pModule, protocolIdOf } from '@bcos-ts/protocol/ports'
import type { Committee } from '../committee.ts'
import { encodeEnvelope } from '../pbft/codec.ts'
import { type Envelope, PbftPacketType } from '../pbft/messages.ts'
import type { Passage, Spreading } from './extension.ts'
import type { PbftHost, PbftOptions } from './host.ts'

/** Messages remembered as passed on, of all targets together. */
const REMEMBERED_MAX = 16_384
/** Messages of heights further away are not passed on. */
const RELAY_HEIGHTS = 10

export class Outgoing implements Spreading {
  readonly isRelayed = false
  readonly #host: Pick<PbftHost, 'network' | 'groupId' | 'self'>
  readonly #options: PbftOptions
  readonly #passedOn = new LruMap<string, true>(REMEMBERED_MAX)

  constructor(host: Pick<PbftHost, 'network' | 'groupId' | 'self'>, options: PbftOptions) {
    this.#host = host
    this.#options = options
  }

  get protocolId(): number {
    return protocolIdOf(this.#host.groupId, P2pModule.pbft)
  }

  send(to: NodeId, packetType: number, payload: Uint8Array): void {
    this.#host.network.send(to, { protocolId: this.protocolId, packetType, payload })
  }

  /** To one sealer, directly or not at all. */
  sendPacket(to: NodeId, packetId: number, data: Uint8Array): void {
    const forward = this.#options.isTtlOptimized ? [] : undefined
    const payload = encodeEnvelope({ packetId, ttl: 1, isEmptyBlock: false, data, forward })
    this.send(to, PbftPacketType.packet, payload)
  }

  /** To all working sealers; those without a session are named, so that others pass it on. */
  broadcast(
    committee: Committee,
    packetType: number,
    packet: Pick<Envelope, 'packetId' | 'data' | 'isEmptyBlock'>,
  ): void {
    const { network, self } = this.#host
    const { ttl, isTtlOptimized } = this.#options
    const others = committee.workingIds.filter((id) => id !== self)
    const reachable = others.filter((id) => network.isConnected(id))
    const forward = isTtlOptimized ? others.filter((id) => !reachable.includes(id)) : undefined
    const payload = encodeEnvelope({ ...packet, ttl, forward })
    network.multicast(reachable, { protocolId: this.protocolId, packetType, payload })
  }

  /** Passes a good message of a peer on, in the mode in which it came. */
  passOn(passage: Passage, committee: Committee, height: number): void {
    const { envelope, body, packetType } = passage
    if (Math.abs(body.height - height) > RELAY_HEIGHTS) return
    const { targets, next } =
      envelope.forward === undefined
        ? this.#flood(passage, committee)
        : this.#relay(envelope, committee)
    // The second signature tells any two messages of a sealer apart.
    const identity = `${envelope.packetId} ${toHex(body.signature2.subarray(0, 32))}`
    const fresh = targets.filter((to) => this.#remember(`${to} ${identity}`))
    if (fresh.length === 0) return
    const payload = encodeEnvelope(next)
    this.#host.network.multicast(fresh, { protocolId: this.protocolId, packetType, payload })
  }

  /** PBFT knows no other messages. */
  hear(): void {}

  stop(): void {}

  /** Time-to-live mode: to all sealers but those who have it. A ttl of 0 would wrap around, it counts as 1. */
  #flood(passage: Passage, committee: Committee): { targets: NodeId[]; next: Envelope } {
    const { envelope, from, owner } = passage
    const targets = committee.workingIds.filter((id) => id !== from && id !== owner)
    const ttl = Math.max(envelope.ttl, 1) - 1
    const next = { ...envelope, ttl }
    return { targets: ttl === 0 ? [] : this.#reachable(targets), next }
  }

  /** Optimised mode: to those the sender names and we reach; the rest travels with it. */
  #relay(envelope: Envelope, committee: Committee): { targets: NodeId[]; next: Envelope } {
    const named = committee.workingIds.filter((id) => envelope.forward?.includes(id))
    const targets = this.#reachable(named)
    const forward = named.filter((id) => id !== this.#host.self && !targets.includes(id))
    return { targets, next: { ...envelope, ttl: 1, forward } }
  }

  #reachable(ids: readonly NodeId[]): NodeId[] {
    const { network, self } = this.#host
    return ids.filter((id) => id !== self && network.isConnected(id))
  }

  #remember(key: string): boolean {
    if (this.#passedOn.has(key)) return false
    this.#passedOn.set(key, true)
    return true
  }
}
