import { isBcosError, toHex } from '@bcos-ts/common'
import {
  decodePrepare,
  decodeProposal,
  encodeBody,
  encodeEnvelope,
  encodePrepare,
  type Envelope,
  PacketId,
  PbftPacketType,
  type PrepareBody,
  type Proposal,
  type SignedBody,
  type VoteKind,
} from '@bcos-ts/consensus'
import {
  encodeHashedProposal,
  encodeWholeProposal,
  lookInPool,
  prepareBond,
  Signer,
  viewChangeBond,
  voteBond,
} from '@bcos-ts/consensus/wire'
import { decodeSyncPacket, encodeSyncPacket, type SyncPacket } from '@bcos-ts/ledger'
import { type BlockHeader, encodeHeader, type HashText } from '@bcos-ts/protocol'
import { type CryptoSuite, P2pModule, protocolIdOf } from '@bcos-ts/protocol/ports'
import type { NodeEnvironment, Prng } from '@bcos-ts/testing/simulator'
import { executeModel } from '../model/chain.ts'
import type { ModelMessage } from '../model/message.ts'
import type { ModelIdentity, ModelNode } from '../model/node.ts'
import { envelopeOf } from '../model/trace.ts'

const TX_COUNT_LIMIT = 1000

export interface ToolboxInit {
  readonly environment: NodeEnvironment<ModelMessage>
  readonly identities: readonly ModelIdentity[]
  readonly suite: CryptoSuite
  readonly groupId: number
}

/** What an adversary has: one key, one network card, and an honest node to look through. It cannot sign for others. */
export class Toolbox {
  readonly init: ToolboxInit
  readonly suite: CryptoSuite
  readonly prng: Prng
  readonly self: number
  /** Sealers of the group. */
  readonly size: number
  readonly #signer: Signer
  #node: ModelNode | undefined

  constructor(init: ToolboxInit) {
    this.init = init
    const { environment, identities, suite } = init
    const identity = identities[environment.index]
    if (identity === undefined) throw new RangeError('an adversary without identity')
    this.suite = suite
    this.prng = environment.prng
    this.size = new Set(identities.map(({ nodeId }) => nodeId)).size
    this.self = identities.findIndex(({ nodeId }) => nodeId === identity.nodeId)
    const { clock } = environment
    this.#signer = new Signer({ suite, keys: identity.keys, clock, isVoteBound: true })
  }

  /** The honest node behind, from the moment it is there. */
  get node(): ModelNode | undefined {
    return this.#node
  }

  attach(node: ModelNode): void {
    this.#node = node
  }

  others(): number[] {
    const { identities } = this.init
    const own = identities[this.self]?.nodeId
    return [...identities.keys()].filter((index) => identities[index]?.nodeId !== own)
  }

  // Sending

  raw(protocolModule: number, packetType: number, payload: Uint8Array): ModelMessage {
    const protocolId = protocolIdOf(this.init.groupId, protocolModule)
    return { kind: 'p2p', protocolId, packetType, payload }
  }

  send(message: ModelMessage, targets: readonly number[]): void {
    for (const to of targets) this.init.environment.network.send(to, message)
  }

  packet(
    packetId: number,
    data: Uint8Array,
    packetType: number = PbftPacketType.packet,
  ): ModelMessage {
    const envelope = { packetId, ttl: 2, isEmptyBlock: false, data, forward: [] }
    return this.raw(P2pModule.pbft, packetType, encodeEnvelope(envelope))
  }

  sync(packet: SyncPacket): ModelMessage {
    return this.raw(P2pModule.sync, 0, encodeSyncPacket(packet))
  }

  // Signing

  vote(kind: VoteKind, place: Place, hashes: VoteHashes): ModelMessage {
    const bond = voteBond(kind, hashes, this.suite)
    const body = this.#signer.sign({ ...place, index: this.self, hash: hashes.executed, bond })
    return this.packet(PacketId[kind], encodeBody(body))
  }

  viewChange(height: number, view: number, hash: HashText): ModelMessage {
    const bond = viewChangeBond(hash, this.suite)
    const body = this.#signer.sign({ height, view, index: this.self, hash, bond })
    return this.packet(PacketId.viewChange, encodeBody(body))
  }

  /** A prepare for a proposal, whole when it has its transactions. */
  prepare(place: Place, proposal: Proposal): ModelMessage {
    const { hash, block } = proposal
    const bond = prepareBond(hash, this.suite)
    const body = this.#signer.sign({ ...place, index: this.self, hash, bond })
    const bytes =
      block === undefined ? encodeHashedProposal(proposal) : encodeWholeProposal(block, this.suite)
    const type = block === undefined ? PbftPacketType.prepareWithHashes : PbftPacketType.packet
    return this.packet(PacketId.prepare, encodePrepare({ ...body, block: bytes }), type)
  }

  /** The proposal with another header, and a hash to fit. */
  reheaded(proposal: Proposal, change: Partial<BlockHeader>): Proposal {
    const header = { ...proposal.header, ...change }
    const hash = toHex(this.suite.hash(encodeHeader(header)))
    const block = proposal.block && { ...proposal.block, header }
    return { ...proposal, header, hash, block }
  }

  // Reading

  envelope(message: ModelMessage): Envelope | undefined {
    return envelopeOf(message)
  }

  /** The proposal in a message, if it is a prepare with transactions. */
  proposalOf(
    message: ModelMessage,
  ): { readonly body: PrepareBody; readonly proposal: Proposal } | undefined {
    const envelope = envelopeOf(message)
    if (envelope?.packetId !== PacketId.prepare || envelope.isEmptyBlock) return undefined
    return this.reading(() => {
      const body = decodePrepare(envelope.data)
      const terms = { hash: body.hash, txCountLimit: TX_COUNT_LIMIT }
      const proposal = decodeProposal(body.block, terms, this.suite)
      return { body, proposal: this.#filled(proposal) }
    })
  }

  syncPacketOf(message: ModelMessage): SyncPacket | undefined {
    if (message.kind !== 'p2p' || (message.protocolId & 0xffff) !== P2pModule.sync) return undefined
    return this.reading(() => decodeSyncPacket(message.payload))
  }

  /** Another adversary may have sent garbage. */
  reading<T>(read: () => T): T | undefined {
    try {
      return read()
    } catch (error) {
      if (!isBcosError(error)) throw error
      return undefined
    }
  }

  #filled(proposal: Proposal): Proposal {
    if (proposal.block !== undefined || this.#node === undefined) return proposal
    return lookInPool(proposal, this.#node.companion.pool).whole ?? proposal
  }

  /** What the proposal becomes when it is executed; `undefined` when the node behind cannot know. */
  executedHash(proposal: Proposal): HashText | undefined {
    const { chain } = this.#node ?? {}
    const { block, header } = proposal
    if (chain === undefined || block === undefined) return undefined
    if (header.number !== chain.height() + 1) return undefined
    return toHex(executeModel(chain.head(), { ...block, header }, this.suite).hash)
  }

  /** Signs and commits a proposal in the same breath, for whom it may concern. */
  voteFor(proposal: Proposal, view: number, targets: readonly number[]): void {
    const executed = this.executedHash(proposal)
    if (executed === undefined) return
    const place = { height: proposal.header.number, view }
    const hashes = { proposal: proposal.hash, executed }
    this.send(this.vote('sign', place, hashes), targets)
    this.send(this.vote('commit', place, hashes), targets)
  }
}

export interface Place {
  readonly height: number
  readonly view: number
}

interface VoteHashes {
  readonly proposal: HashText
  readonly executed: HashText
}

/** The same signed record as another kind of message. */
export function asPacket(tools: Toolbox, packetId: number, body: SignedBody): ModelMessage {
  return tools.packet(packetId, encodeBody(body))
}
