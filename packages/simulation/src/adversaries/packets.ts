import { concatBytes, toHex } from '@bcos-ts/common'
/**
 * Peers whose packets are not what packets should be: too long, too short, too late, or somebody else's.
 * @module
 */
import { PacketId, PbftPacketType } from '@bcos-ts/consensus'
import { P2pModule } from '@bcos-ts/protocol/ports'
import type { ModelMessage } from '../model/message.ts'
import type { AdversaryKind } from './adversary.ts'
import type { Toolbox } from './toolbox.ts'

const OVERSIZE_BYTES = 200_000
const HEARD_MAX = 20
const DRIP_MS = 2500
const MODULES = [P2pModule.pbft, P2pModule.sync, P2pModule.txPool] as const
const PACKET_TYPES = 8

export const malformedPackets: AdversaryKind = {
  name: 'malformed-packets',
  idea: 'sends packets that are too long, too short, or nothing that anybody can read',
  does: 'Frames that it heard, cut off anywhere, with bits turned or bytes appended; random bytes as every type of packet of consensus and synchronisation; lists in lists in lists; 200 kB of zeros that claim to be a block.',
  behave: (tools) => {
    let heard: Uint8Array[] = []
    const bad = (): Uint8Array => {
      const { prng } = tools
      const [frame] = prng.shuffled(heard)
      switch (prng.below(6)) {
        case 0:
          return prng.bytes(prng.below(120))
        case 1:
          return new Uint8Array(OVERSIZE_BYTES)
        case 2:
          return new Uint8Array(2000).fill(0xc1)
        case 3:
          return frame?.slice(0, prng.below(frame.length)) ?? prng.bytes(1)
        case 4:
          return frame === undefined ? prng.bytes(3) : concatBytes(frame, prng.bytes(40))
        default:
          return frame?.map((byte) => (prng.chance(0.05) ? byte ^ 0x40 : byte)) ?? prng.bytes(9)
      }
    }
    return {
      hear: (message) => {
        if (message.kind === 'p2p') heard = [...heard, message.payload].slice(-HEARD_MAX)
        return true
      },
      act: () => {
        for (const module of MODULES) {
          const type = tools.prng.below(PACKET_TYPES)
          tools.send(tools.raw(module, type, bad()), tools.others())
        }
        const packetId = tools.prng.below(PacketId.lockProof + 1)
        tools.send(tools.packet(packetId, bad()), tools.others())
      },
    }
  },
}

export const badTransactions: AdversaryKind = {
  name: 'bad-transactions',
  idea: 'makes others ask for transactions, and answers with something else',
  does: 'As leader it names a transaction that nobody has and that was never signed; whoever asks it for what is missing gets the wrong ones, broken ones or none; and its gossip is full of transactions with bad signatures.',
  companion: 'shipping',
  behave: (tools) => ({
    send: (_, message) => {
      if (message.kind !== 'p2p') return undefined
      const found = tools.proposalOf(message)
      if (found !== undefined && found.body.index === tools.self) {
        const { proposal, body } = found
        if (body.height % 2 === 0) return undefined
        const invented = tools.suite.hash(proposal.header.transactionsRoot)
        const transactionHashes = [...proposal.transactionHashes, toHex(invented)]
        return [tools.prepare(body, { ...proposal, transactionHashes, block: undefined })]
      }
      const module = message.protocolId & 0xffff
      const isAnswer =
        module === P2pModule.pbft && message.packetType === PbftPacketType.transactions
      if (isAnswer || tools.syncPacketOf(message)?.type === 'transactions') {
        return tools.prng.chance(0.3) ? [] : [{ ...message, payload: bent(tools, message.payload) }]
      }
      return undefined
    },
  }),
}

/** A few bytes are different, somewhere. */
function bent({ prng }: Toolbox, bytes: Uint8Array): Uint8Array {
  const copy = bytes.slice()
  for (let i = 0; i < 4; i++) copy[prng.below(copy.length)] = prng.below(256)
  return copy
}

export const slowDrip: AdversaryKind = {
  name: 'slow-drip',
  idea: 'answers everything, but so late that it hardly helps',
  does: 'Each of its messages waits up to five seconds and goes out in whatever order: votes come when the view is over, blocks when the request has lapsed, its proposals just before the others give up.',
  behave: (tools) => ({
    send: (to, message) => {
      later(tools, to, message)
      return []
    },
  }),
}

function later(tools: Toolbox, to: number, message: ModelMessage): void {
  const { timers, network } = tools.init.environment
  timers.after(tools.prng.between(0, 2 * DRIP_MS), () => network.send(to, message))
}

export const selectiveGossip: AdversaryKind = {
  name: 'selective-gossip',
  idea: 'tells some of its neighbours what it keeps from the others',
  does: 'Transactions of its clients reach one node only, its status nobody, and what it is asked for by the upper half of the group it does not hear; its proposals name transactions that most nodes have never seen.',
  companion: 'shipping',
  behave: (tools) => ({
    send: (to, message) => {
      const packet = tools.syncPacketOf(message)
      if (packet?.type === 'status' || packet?.type === 'transactionsStatus') return []
      if (packet?.type !== 'transactions') return undefined
      return to % tools.size === (tools.self + 1) % tools.size ? undefined : []
    },
    hear: (message, from) => {
      const isRequest =
        message.kind === 'p2p' &&
        (message.protocolId & 0xffff) === P2pModule.pbft &&
        message.packetType === PbftPacketType.requestTransactions
      return !(isRequest && 2 * (from % tools.size) >= tools.size)
    },
  }),
}
