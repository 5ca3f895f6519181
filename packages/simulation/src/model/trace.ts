import { isBcosError } from '@bcos-ts/common'
import {
  decodeBody,
  decodeEnvelope,
  decodeLockProof,
  decodeRaftMessage,
  type Envelope,
  PacketId,
  PbftPacketType,
  type VoteKind,
} from '@bcos-ts/consensus'
import { decodeSyncPacket } from '@bcos-ts/ledger'
import { P2pModule } from '@bcos-ts/protocol/ports'
import type { FrameMessage, ModelMessage } from './message.ts'

const NAMES = new Map<number, string>([
  [PacketId.prepare, 'prepare'],
  [PacketId.sign, 'sign'],
  [PacketId.commit, 'commit'],
  [PacketId.viewChange, 'view-change'],
])

/** A message as a person wants to read it. */
export function describeMessage(message: ModelMessage, isRaft = false): string {
  if (message.kind === 'status') return `status h${message.height}`
  if (message.kind === 'request') return `request blocks from ${message.first}`
  if (message.kind === 'blocks') return `${message.blocks.length} blocks`
  const { packetType, payload } = message
  if (!isConsensusFrame(message)) return describeSync(payload)
  if (packetType === PbftPacketType.requestTransactions) return 'request transactions'
  if (packetType === PbftPacketType.transactions) return 'transactions'
  try {
    return isRaft ? describeRaft(payload) : describePacket(payload)
  } catch (error) {
    if (!isBcosError(error)) throw error
    return `garbage of ${payload.length} bytes`
  }
}

function describeSync(payload: Uint8Array): string {
  try {
    const packet = decodeSyncPacket(payload)
    switch (packet.type) {
      case 'status':
        return `sync status h${packet.status.number}`
      case 'blocksRequest':
        return `sync request of ${packet.count} blocks from ${packet.from}`
      case 'blocks':
        return `sync ${packet.blocks.length} blocks`
      default:
        return `sync ${packet.type}`
    }
  } catch (error) {
    if (!isBcosError(error)) throw error
    return `sync garbage of ${payload.length} bytes`
  }
}

/** Whether a frame is one of consensus, of whatever group. */
export function isConsensusFrame({ protocolId }: FrameMessage): boolean {
  return (protocolId & 0xffff) === P2pModule.pbft
}

function describeRaft(payload: Uint8Array): string {
  const message = decodeRaftMessage(payload)
  const { type, term, height } = message
  switch (message.type) {
    case 'voteRequest':
      return `${type} t${term} h${height} accepted t${message.acceptedTerm}${message.isTrial ? ', trial' : ''}`
    case 'voteResponse':
      return `${type} t${term} h${height} flag ${message.flag}`
    case 'heartbeat':
      return `${type} t${term} h${height} ${message.block.length} bytes`
    case 'heartbeatResponse':
      return `${type} t${term} h${height} ${message.acceptedHash.slice(0, 8)}`
  }
}

function describePacket(payload: Uint8Array): string {
  const envelope = decodeEnvelope(payload)
  if (envelope.packetId === PacketId.lockProof) {
    const { height, view, executedHash } = decodeLockProof(envelope.data)
    return `lock proof h${height} v${view} ${executedHash.slice(0, 8)}`
  }
  const { height, view, index, hash } = decodeBody(envelope.data)
  const name = NAMES.get(envelope.packetId) ?? `packet ${envelope.packetId}`
  const empty = envelope.isEmptyBlock ? ', empty' : ''
  return `${name} h${height} v${view} of ${index} ${hash.slice(0, 8)}${empty}`
}

/** The envelope in a message, if there is one. */
export function envelopeOf(message: ModelMessage): Envelope | undefined {
  if (message.kind !== 'p2p' || !isConsensusFrame(message)) return undefined
  if (message.packetType > PbftPacketType.prepareWithHashes) {
    return undefined
  }
  try {
    return decodeEnvelope(message.payload)
  } catch (error) {
    if (!isBcosError(error)) throw error
    return undefined
  }
}

/** Raft: what shows a block stands where a sign stands in PBFT. */
export function blockKindOf(message: ModelMessage): VoteKind | undefined {
  if (message.kind !== 'p2p') return undefined
  const read = decodeRaftMessage(message.payload)
  return read.type === 'heartbeat' && read.block.length > 0 ? 'sign' : undefined
}

export function voteKindOf(message: ModelMessage): VoteKind | undefined {
  const packetId = envelopeOf(message)?.packetId
  if (packetId === PacketId.sign) return 'sign'
  return packetId === PacketId.commit ? 'commit' : undefined
}
