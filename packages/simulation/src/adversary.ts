import { toHex } from '@bcos-ts/common'
import {
  decodeBody,
  PacketId,
  PbftPacketType,
  type SignedBody,
  type VoteKind,
} from '@bcos-ts/consensus'
import { type CryptoSuite, P2pModule } from '@bcos-ts/protocol/ports'
import type { NodeEnvironment } from '@bcos-ts/testing/simulator'
import { asPacket, Toolbox } from './adversaries/toolbox.ts'
import type { ModelMessage } from './model/message.ts'
import type { ModelIdentity, ModelNode } from './model/node.ts'
import { envelopeOf } from './model/trace.ts'
import type { Character } from './plan.ts'

export interface AdversaryInit {
  readonly environment: NodeEnvironment<ModelMessage>
  readonly identities: readonly ModelIdentity[]
  readonly suite: CryptoSuite
  readonly character: Character
}

interface Heard {
  readonly packetId: number
  readonly body: SignedBody
}

const HEARD_MAX = 60
const MISCHIEF_EVERY_MS = 150
const VOTES: readonly VoteKind[] = ['sign', 'commit']
const DEAF_TO = new Set<number>([PacketId.sign, PacketId.commit, PacketId.lockProof])

/**
 * A sealer that lies as well as it can: an honest node behind a network card that proposes twice, votes for
 * everything, replays and recombines what others signed, asks for far views and sends garbage. It cannot sign for others.
 */
export class Adversary {
  readonly environment: NodeEnvironment<ModelMessage>
  readonly #init: AdversaryInit
  readonly #tools: Toolbox
  #heard: Heard[] = []

  constructor(init: AdversaryInit) {
    this.#init = init
    this.#tools = new Toolbox({ ...init, groupId: 1 })
    const { environment } = init
    this.environment = {
      ...environment,
      network: {
        ...environment.network,
        send: (to, message) => this.#send(to, message),
        onMessage: (deliver) =>
          environment.network.onMessage((message, from) => {
            this.#hear(message)
            if (!this.#isIgnored(message)) deliver(message, from)
          }),
      },
    }
  }

  #isIgnored(message: ModelMessage): boolean {
    const packetId = this.#init.character.isDeaf ? envelopeOf(message)?.packetId : undefined
    return packetId !== undefined && DEAF_TO.has(packetId)
  }

  attach(node: ModelNode): void {
    this.#tools.attach(node)
    this.#mischiefLater()
  }

  #send(to: number, message: ModelMessage): void {
    const { environment, character } = this.#init
    if (message.kind === 'p2p' && environment.prng.chance(0.05)) return
    environment.network.send(to, character.isTwoFaced ? this.#distort(to, message) : message)
  }

  /** The upper half of the sealers sees another proposal than the lower half, with votes to fit. */
  #distort(to: number, message: ModelMessage): ModelMessage {
    const tools = this.#tools
    if (2 * to < this.#init.identities.length) return message
    const { body, proposal } = tools.proposalOf(message) ?? {}
    if (body === undefined || proposal === undefined) return message
    const timestamp = proposal.header.timestamp + 1n
    const other = tools.reheaded(proposal, { timestamp })
    tools.voteFor(other, body.view, [to])
    return tools.prepare(body, { ...other, block: undefined })
  }

  #hear(message: ModelMessage): void {
    const envelope = envelopeOf(message)
    if (envelope === undefined || envelope.packetId > PacketId.viewChange) return
    const { packetId, data } = envelope
    const body = this.#tools.reading(() => decodeBody(data))
    if (body === undefined) return
    this.#heard = [...this.#heard, { packetId, body }].slice(-HEARD_MAX)
    const heard = this.#tools.proposalOf(message)
    if (heard !== undefined && heard.proposal.transactionHashes.length > 0) {
      // Whatever it signed before, and whoever else did.
      this.#tools.voteFor(heard.proposal, body.view, this.#tools.others())
    }
  }

  #mischiefLater(): void {
    const { timers, prng } = this.#init.environment
    timers.after(prng.between(0, 2 * MISCHIEF_EVERY_MS), () => {
      this.#makeMischief()
      this.#mischiefLater()
    })
  }

  #tell(message: ModelMessage): void {
    this.#tools.send(message, this.#tools.others())
  }

  #makeMischief(): void {
    const { prng } = this.#init.environment
    switch (prng.below(6)) {
      case 0:
        return this.#replay()
      case 1:
        return this.#recombine()
      case 2:
        return this.#askForFarView()
      case 3:
        return this.#forge()
      case 4: {
        const garbage = prng.bytes(prng.below(80))
        return this.#tell(this.#tools.raw(P2pModule.pbft, PbftPacketType.packet, garbage))
      }
      default:
    }
  }

  /** What somebody signed, as another kind of message. */
  #replay(): void {
    const { prng } = this.#init.environment
    const [heard] = prng.shuffled(this.#heard)
    if (heard === undefined) return
    this.#tell(asPacket(this.#tools, 1 + prng.below(3), heard.body))
  }

  /** One signature of this message, the other of that. */
  #recombine(): void {
    const [one, ...rest] = this.#init.environment.prng.shuffled(this.#heard)
    const other = rest.find(({ body }) => body.index === one?.body.index)
    if (one === undefined || other === undefined) return
    const { hash, signature } = one.body
    const mixed = { ...other.body, hash, signature }
    for (const kind of VOTES) this.#tell(asPacket(this.#tools, PacketId[kind], mixed))
  }

  /** A vote that somebody else never cast, with a signature that is none. */
  #forge(): void {
    const { prng } = this.#init.environment
    const [heard] = prng.shuffled(this.#heard)
    if (heard === undefined) return
    const { signature } = heard.body
    for (const index of this.#tools.others()) {
      const forged = { ...heard.body, index, signature: prng.bytes(signature.length) }
      this.#tell(asPacket(this.#tools, 1 + prng.below(3), forged))
    }
  }

  #askForFarView(): void {
    const { node, prng } = this.#tools
    if (node === undefined) return
    const view = node.engine.status().view + 1 + prng.below(30)
    this.#tell(this.#tools.viewChange(node.chain.height(), view, toHex(node.chain.headHash())))
  }
}
