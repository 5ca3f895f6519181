import { createLogger, type Logger, type LogRecord, toHex } from '@bcos-ts/common'
import {
  committeeOf,
  type CompleteProposal,
  decodeBody,
  encodeBody,
  encodeEnvelope,
  encodePrepare,
  type Envelope,
  PacketId,
  type PbftHost,
  type PbftOptions,
  PbftPacketType,
  type SignedBody,
  type VoteKind,
} from '@bcos-ts/consensus'
import {
  completeProposal,
  encodeHashedProposal,
  encodeWholeProposal,
  prepareBond,
  proposalBlock,
  Signer,
  viewChangeBond,
  voteBond,
} from '@bcos-ts/consensus/wire'
import type { Block, Transaction } from '@bcos-ts/protocol'
import { type CryptoSuite, P2pModule, protocolIdOf } from '@bcos-ts/protocol/ports'
import { createSimulatedSuite, SimulatedCluster } from '@bcos-ts/testing/simulator'
import { executeModel } from '../src/model/chain.ts'
import { identitiesOf } from '../src/model/identity.ts'
import type { ModelMessage } from '../src/model/message.ts'
import { type ModelIdentity, ModelNode } from '../src/model/node.ts'
import { envelopeOf } from '../src/model/trace.ts'
import { modelTransaction } from '../src/model/transaction.ts'

const PROTOCOL_ID = protocolIdOf(1, P2pModule.pbft)

export interface PuppetsInit {
  /** Index of the node under test; the other three are moved by hand. */
  readonly self?: number
  readonly options?: Partial<PbftOptions>
  readonly alterHost?: (host: PbftHost) => PbftHost
}

export interface Received {
  readonly to: number
  readonly message: ModelMessage
}

/** One shipping engine among three sealers that do what a test wants. */
export class Puppets {
  readonly suite: CryptoSuite = createSimulatedSuite()
  readonly identities: readonly ModelIdentity[]
  readonly cluster: SimulatedCluster<ModelMessage, ModelNode>
  readonly self: number
  readonly sent: Received[] = []
  readonly logs: LogRecord[] = []
  readonly failures: Error[] = []
  readonly committed: Block[] = []
  #nonce = 0

  constructor(init: PuppetsInit = {}) {
    this.self = init.self ?? 1
    this.identities = identitiesOf(4, this.suite)
    const sealers = this.identities.map(({ nodeId }) => nodeId)
    this.cluster = new SimulatedCluster<ModelMessage, ModelNode>({
      seed: 1,
      size: 4,
      disks: sealers.map(() => ({ latencyMs: { min: 1, max: 1 } })),
      createNode: (environment) =>
        new ModelNode({
          environment,
          identities: this.identities,
          suite: this.suite,
          membering: () => ({ sealers }),
          logger: this.#logger(),
          ...(init.options === undefined ? {} : { options: init.options }),
          ...(init.alterHost === undefined ? {} : { alterHost: init.alterHost }),
          onCommitted: (block) => this.committed.push(block),
          onFailure: (error) => this.failures.push(error),
        }),
    })
    for (const index of this.others()) {
      this.cluster.network.attach(index, (message) => this.sent.push({ to: index, message }))
    }
  }

  #logger(): Logger {
    return createLogger({ isOn: () => true, write: (record) => void this.logs.push(record) })
  }

  others(): number[] {
    return [0, 1, 2, 3].filter((index) => index !== this.self)
  }

  /** Starts the node under test and lets it greet the others. */
  async start(): Promise<ModelNode> {
    this.cluster.start(this.self)
    await this.pass(20)
    this.sent.length = 0
    return this.node()
  }

  node(): ModelNode {
    const node = this.cluster.node(this.self)
    if (node === undefined) throw new Error('the node under test is down')
    return node
  }

  async pass(ms: number): Promise<void> {
    await this.cluster.world.run(this.cluster.world.nowMs() + ms)
  }

  transaction(): Transaction {
    this.#nonce++
    return modelTransaction(this.#nonce, this.suite)
  }

  /** A block that the given sealer could propose next. */
  proposal(index: number, transactions: readonly Transaction[]): CompleteProposal {
    const { chain } = this.node()
    const identity = this.#identity(index)
    const { sealers } = chain.membership()
    const block = proposalBlock(
      {
        parent: chain.head(),
        parentHash: chain.headHash(),
        transactions,
        committee: committeeOf({ sealers, workingSealers: sealers }, identity.nodeId),
        nowMs: 1_700_000_000_000,
      },
      this.suite,
    )
    return completeProposal(block, this.suite)
  }

  sign(
    index: number,
    statement: Omit<SignedBody, 'timestamp' | 'signature' | 'signature2' | 'index'> & {
      readonly bond: string
    },
  ): SignedBody {
    const { suite } = this
    const { keys } = this.#identity(index)
    const clock = this.cluster.world
    return new Signer({ suite, keys, clock, isVoteBound: true }).sign({ ...statement, index })
  }

  prepare(
    index: number,
    proposal: CompleteProposal,
    {
      view = 0,
      isByHashes = false,
      isFlaggedEmpty = false,
      block = undefined as Uint8Array | undefined,
    } = {},
  ): void {
    const { suite } = this
    const height = this.node().chain.height() + 1
    const { hash } = proposal
    const body = this.sign(index, { height, view, hash, bond: prepareBond(hash, suite) })
    const bytes =
      block ??
      (isByHashes ? encodeHashedProposal(proposal) : encodeWholeProposal(proposal.block, suite))
    const data = encodePrepare({ ...body, block: bytes })
    const packetType = isByHashes ? PbftPacketType.prepareWithHashes : PbftPacketType.packet
    this.packet(
      index,
      { packetId: PacketId.prepare, data, isEmptyBlock: isFlaggedEmpty },
      packetType,
    )
  }

  /** What the proposal becomes when it is executed. */
  executedHash(proposal: CompleteProposal): string {
    return toHex(executeModel(this.node().chain.head(), proposal.block, this.suite).hash)
  }

  voteBody(kind: VoteKind, index: number, proposal: CompleteProposal, view = 0): SignedBody {
    const height = this.node().chain.height() + 1
    const hash = this.executedHash(proposal)
    const bond = voteBond(kind, { proposal: proposal.hash, executed: hash }, this.suite)
    return this.sign(index, { height, view, hash, bond })
  }

  vote(kind: VoteKind, index: number, proposal: CompleteProposal, view = 0): void {
    const data = encodeBody(this.voteBody(kind, index, proposal, view))
    this.packet(index, { packetId: PacketId[kind], data })
  }

  viewChange(index: number, view: number): void {
    const { chain } = this.node()
    const hash = toHex(chain.headHash())
    const bond = viewChangeBond(hash, this.suite)
    const body = this.sign(index, { height: chain.height(), view, hash, bond })
    this.packet(index, { packetId: PacketId.viewChange, data: encodeBody(body) })
  }

  packet(
    from: number,
    packet: Pick<Envelope, 'packetId' | 'data'> & Partial<Envelope>,
    packetType: number = PbftPacketType.packet,
  ): void {
    const payload = encodeEnvelope({ ttl: 2, isEmptyBlock: false, forward: [], ...packet })
    this.raw(from, packetType, payload)
  }

  raw(from: number, packetType: number, payload: Uint8Array): void {
    this.cluster.network.send(from, this.self, {
      kind: 'p2p',
      protocolId: PROTOCOL_ID,
      packetType,
      payload,
    })
  }

  /** Votes of the node under test, as `sign 0` or `commit 2` for kind and view, once each. */
  votes(): string[] {
    const names = new Map([
      [PacketId.sign as number, 'sign'],
      [PacketId.commit as number, 'commit'],
      [PacketId.viewChange as number, 'view-change'],
    ])
    const seen = this.sent.flatMap(({ message }) => {
      const envelope = envelopeOf(message)
      const name = envelope && names.get(envelope.packetId)
      return envelope === undefined || name === undefined
        ? []
        : [`${name} ${decodeBody(envelope.data).view}`]
    })
    return [...new Set(seen)]
  }

  /** Payloads of a packet type that went to a node. */
  payloads(packetType: number, to: number): Uint8Array[] {
    return this.sent.flatMap(({ to: target, message }) =>
      target === to && message.kind === 'p2p' && message.packetType === packetType
        ? [message.payload]
        : [],
    )
  }

  #identity(index: number): ModelIdentity {
    const identity = this.identities[index]
    if (identity === undefined) throw new RangeError(`no sealer ${index}`)
    return identity
  }
}
