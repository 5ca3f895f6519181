import { isBcosError, toHex } from '@bcos-ts/common'
import {
  decodeBody,
  decodeEnvelope,
  decodePrepare,
  decodeProposal,
  encodeBody,
  encodeEnvelope,
  encodePrepare,
  PacketId,
  PbftPacketType,
  type Proposal,
  type SignedBody,
  type VoteKind,
} from '@bcos-ts/consensus'
import {
  encodeHashedProposal,
  lookInPool,
  prepareBond,
  Signer,
  viewChangeBond,
  voteBond,
} from '@bcos-ts/consensus/wire'
import { encodeHeader } from '@bcos-ts/protocol'
import { type CryptoSuite, P2pModule, protocolIdOf } from '@bcos-ts/protocol/ports'
import type { NodeEnvironment } from '@bcos-ts/testing/simulator'
import { executeModel } from './model/chain.ts'
import type { FrameMessage, ModelMessage } from './model/message.ts'
import type { ModelIdentity, ModelNode } from './model/node.ts'
import { envelopeOf } from './model/trace.ts'
import type { Character } from './plan.ts'

export interface AdversaryInit {
  readonly environment: NodeEnvironment<ModelMessage>
  readonly identities: readonly ModelIdentity[]
  readonly suite: CryptoSuite
  readonly character: Character
}

type PbftMessage = FrameMessage

const PROTOCOL_ID = protocolIdOf(1, P2pModule.pbft)

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
  readonly #signer: Signer
  #heard: Heard[] = []
  #node: ModelNode | undefined

  constructor(init: AdversaryInit) {
    this.#init = init
    const { environment, suite, identities } = init
    const identity = identities[environment.index]
    if (identity === undefined) throw new RangeError('an adversary without identity')
    const { clock } = environment
    this.#signer = new Signer({ suite, keys: identity.keys, clock, isVoteBound: true })
    this.environment = {
      ...environment,
      network: {
        ...environment.network,
        send: (to, message) => this.#send(to, message),
        onMessage: (deliver) =>
          environment.network.onMessage((message, from) => {
            if (message.kind === 'p2p') this.#hear(message)
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
    this.#node = node
    this.#mischiefLater()
  }

  #send(to: number, message: ModelMessage): void {
    const { environment } = this.#init
    if (message.kind === 'p2p' && environment.prng.chance(0.05)) return
    const isTwoFaced =
      this.#init.character.isTwoFaced && message.kind === 'p2p' && isEnvelope(message)
    environment.network.send(to, isTwoFaced ? this.#distort(to, message) : message)
  }

  /** The upper half of the sealers sees another proposal than the lower half, with votes to fit. */
  #distort(to: number, message: PbftMessage): ModelMessage {
    const envelope = decodeEnvelope(message.payload)
    if (envelope.packetId !== PacketId.prepare || envelope.isEmptyBlock) return message
    const { suite, identities } = this.#init
    const body = decodePrepare(envelope.data)
    const proposal = this.#read(body)
    if (proposal === undefined || 2 * to < identities.length) return message
    const header = { ...proposal.header, timestamp: proposal.header.timestamp + 1n }
    const hash = toHex(suite.hash(encodeHeader(header)))
    const other: Proposal = { ...proposal, header, hash, block: undefined }
    this.#voteFor(other, body.view, [to])
    const { height, view, index } = body
    const signed = this.#signer.sign({ height, view, index, hash, bond: prepareBond(hash, suite) })
    const data = encodePrepare({ ...signed, block: encodeHashedProposal(other) })
    const packetType = PbftPacketType.prepareWithHashes
    return {
      kind: 'p2p',
      protocolId: PROTOCOL_ID,
      packetType,
      payload: encodeEnvelope({ ...envelope, data }),
    }
  }

  #hear(message: PbftMessage): void {
    if (!isEnvelope(message)) return
    try {
      const { packetId, data } = decodeEnvelope(message.payload)
      if (packetId > PacketId.viewChange) return
      const body = decodeBody(data)
      this.#heard = [...this.#heard, { packetId, body }].slice(-HEARD_MAX)
      if (packetId !== PacketId.prepare) return
      const proposal = this.#read(decodePrepare(data))
      if (proposal !== undefined) this.#voteFor(proposal, body.view, this.#others())
    } catch (error) {
      if (!isBcosError(error)) throw error
    }
  }

  #read(body: { readonly block: Uint8Array; readonly hash: string }): Proposal | undefined {
    try {
      return decodeProposal(body.block, { hash: body.hash, txCountLimit: 1000 }, this.#init.suite)
    } catch (error) {
      if (!isBcosError(error)) throw error
      return undefined
    }
  }

  #others(): number[] {
    const { identities, environment } = this.#init
    return identities.map((_, index) => index).filter((index) => index !== environment.index)
  }

  /** Signs and commits at once, whatever it signed before and whoever else did. */
  #voteFor(proposal: Proposal, view: number, targets: readonly number[]): void {
    const node = this.#node
    const { suite, environment } = this.#init
    if (node === undefined || proposal.header.number !== node.chain.height() + 1) return
    const block = proposal.block ?? lookInPool(proposal, node.companion.pool).whole?.block
    if (block === undefined || block.transactions.length === 0) return
    const executed = executeModel(node.chain.head(), { ...block, header: proposal.header }, suite)
    const hash = toHex(executed.hash)
    for (const kind of VOTES) {
      const bond = voteBond(kind, { proposal: proposal.hash, executed: hash }, suite)
      const place = { height: proposal.header.number, view, index: environment.index }
      const body = this.#signer.sign({ ...place, hash, bond })
      this.#sendPacket(PacketId[kind], encodeBody(body), targets)
    }
  }

  #sendPacket(packetId: number, data: Uint8Array, targets: readonly number[]): void {
    const payload = encodeEnvelope({ packetId, ttl: 2, isEmptyBlock: false, data, forward: [] })
    this.#sendRaw(payload, targets)
  }

  #sendRaw(payload: Uint8Array, targets: readonly number[]): void {
    const { network } = this.#init.environment
    for (const to of targets) {
      network.send(to, {
        kind: 'p2p',
        protocolId: PROTOCOL_ID,
        packetType: PbftPacketType.packet,
        payload,
      })
    }
  }

  #mischiefLater(): void {
    const { timers, prng } = this.#init.environment
    timers.after(prng.between(0, 2 * MISCHIEF_EVERY_MS), () => {
      this.#makeMischief()
      this.#mischiefLater()
    })
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
      case 4:
        return this.#sendRaw(prng.bytes(prng.below(80)), this.#others())
      default:
    }
  }

  /** What somebody signed, as another kind of message. */
  #replay(): void {
    const { prng } = this.#init.environment
    const [heard] = prng.shuffled(this.#heard)
    if (heard === undefined) return
    this.#sendPacket(1 + prng.below(3), encodeBody(heard.body), this.#others())
  }

  /** One signature of this message, the other of that. */
  #recombine(): void {
    const [one, ...rest] = this.#init.environment.prng.shuffled(this.#heard)
    const other = rest.find(({ body }) => body.index === one?.body.index)
    if (one === undefined || other === undefined) return
    const { hash, signature } = one.body
    const mixed = encodeBody({ ...other.body, hash, signature })
    for (const kind of VOTES) this.#sendPacket(PacketId[kind], mixed, this.#others())
  }

  /** A vote that somebody else never cast, with a signature that is none. */
  #forge(): void {
    const { prng } = this.#init.environment
    const [heard] = prng.shuffled(this.#heard)
    if (heard === undefined) return
    const { signature } = heard.body
    for (const index of this.#others()) {
      const forged = encodeBody({ ...heard.body, index, signature: prng.bytes(signature.length) })
      this.#sendPacket(1 + prng.below(3), forged, this.#others())
    }
  }

  #askForFarView(): void {
    const { environment, suite } = this.#init
    const node = this.#node
    if (node === undefined) return
    const hash = toHex(node.chain.headHash())
    const bond = viewChangeBond(hash, suite)
    const view = node.engine.status().view + 1 + environment.prng.below(30)
    const place = { height: node.chain.height(), view, index: environment.index }
    const body = this.#signer.sign({ ...place, hash, bond })
    this.#sendPacket(PacketId.viewChange, encodeBody(body), this.#others())
  }
}

function isEnvelope({ protocolId, packetType }: PbftMessage): boolean {
  if (protocolId !== PROTOCOL_ID) return false
  return packetType === PbftPacketType.packet || packetType === PbftPacketType.prepareWithHashes
}
