import { isBcosError } from '@bcos-ts/common'
import type { NodeId } from '@bcos-ts/protocol'
import type { P2pMessage } from '@bcos-ts/protocol/ports'
import { bondOf } from '../pbft/bond.ts'
import { decodeBody, decodeEnvelope } from '../pbft/codec.ts'
import { PacketId, PbftPacketType } from '../pbft/messages.ts'

/**
 * Nodes whose own messages carry a bond: they are of this implementation, and may be sent what 2.x does not know. What
 * they say is not checked; a node that pretends gets packets that it does not understand.
 */
export class Kin {
  readonly #ids = new Set<NodeId>()

  has(nodeId: NodeId): boolean {
    return this.#ids.has(nodeId)
  }

  /** `index` is that of the sender: only what it says in its own name counts. */
  note({ packetType, payload }: P2pMessage, from: NodeId, index: number): void {
    if (this.#ids.has(from) || packetType !== PbftPacketType.packet) return
    try {
      const { packetId, data } = decodeEnvelope(payload)
      if (!VOTES.has(packetId)) return
      const body = decodeBody(data)
      if (body.index === index && bondOf(body.timestamp) !== undefined) this.#ids.add(from)
    } catch (error) {
      if (!isBcosError(error)) throw error
    }
  }
}

const VOTES: ReadonlySet<number> = new Set([PacketId.sign, PacketId.commit, PacketId.viewChange])
