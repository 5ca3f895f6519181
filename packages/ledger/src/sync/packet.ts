/**
 * The six packets of module 9 (spec 04 §4.2): one raw byte, type + 1, and one RLP list that fills the rest. Those from 0x40
 * on are for nodes of this implementation only; the reference is never sent them.
 * @module
 */
import { concatBytes, fromHex, isBcosError, messageOf, toHex } from '@bcos-ts/common'
import {
  countTransactionList,
  decodeSequence,
  encodeBytes,
  encodeInteger,
  encodeList,
  type HashText,
  type RlpList,
} from '@bcos-ts/protocol'
import { decodeListedRow, encodeListedRow, type ListedRow } from './difference/row-list.ts'
import { InvalidSyncPacketError } from './errors.ts'

/** Blocks of one packet; a peer asks for at most a few dozen at a time. */
const PACKET_BLOCKS_MAX = 1024
/** Hashes of one packet; a round of gossip holds at most 1000. */
const PACKET_HASHES_MAX = 10_000

/** Far from what a later 2.x could use. */
const ROWS_REQUEST = 0x40
const ROWS = 0x41
const SIGNED_TRANSACTIONS = 0x42
const PROOF_REQUEST = 0x43
const PROOF = 0x44
/** Rows of one packet. */
const PACKET_ROWS_MAX = 65_536

const TYPE_BYTE_MAX = 0x7f
const WORD = 2 ** 32
const WIDE_BYTES = 8
/** X || Y. */
const PUBLIC_KEY_BYTES = 64
/** More items than any packet has that is not a list of blocks. */
const FIELDS_MAX = 16

/** What a node tells of its chain. */
export interface NodeStatus {
  readonly number: number
  readonly genesisHash: HashText
  readonly latestHash: HashText
  /** Its clock, ms since the Unix epoch. */
  readonly timeMs: number
}

export type SyncPacket =
  | { readonly type: 'status'; readonly status: NodeStatus }
  | {
      readonly type: 'transactions'
      /** The container of spec 01 §7.3. */
      readonly list: Uint8Array
      /** Place of the first sender in the tree (spec 04 §4.8); absent where trees are off. */
      readonly startIndex: number | undefined
    }
  /** The same, and by whom it is signed: 64 bytes for each of the list, zeros where the sender does not know. */
  | {
      readonly type: 'signedTransactions'
      readonly list: Uint8Array
      readonly signers: Uint8Array
      readonly startIndex: number | undefined
    }
  /** Whole encoded blocks. */
  | { readonly type: 'blocks'; readonly blocks: readonly Uint8Array[] }
  | { readonly type: 'blocksRequest'; readonly from: number; readonly count: number }
  | {
      readonly type: 'transactionsStatus'
      readonly blockNumber: number
      readonly hashes: readonly HashText[]
    }
  | { readonly type: 'transactionsRequest'; readonly hashes: readonly HashText[] }
  /** Asks what the block wrote, from a place of the list on. */
  | {
      readonly type: 'rowsRequest'
      readonly number: number
      readonly hash: HashText
      readonly start: number
    }
  /** A piece of that list; `total` rows are in the whole, 0 when the block's rows are no longer known. */
  | {
      readonly type: 'rows'
      readonly number: number
      readonly hash: HashText
      readonly start: number
      readonly total: number
      readonly rows: readonly ListedRow[]
    }
  /** Asks for a proof that the block was committed. */
  | { readonly type: 'proofRequest'; readonly hash: HashText }
  /** The proof, for consensus to judge. */
  | { readonly type: 'proof'; readonly hash: HashText; readonly proof: Uint8Array }

/** The bytes of a packet. Hashes of a status of transactions are sorted, as the reference does. */
export function encodeSyncPacket(packet: SyncPacket): Uint8Array {
  switch (packet.type) {
    case 'status':
      return envelope(1, encodeStatus(packet.status))
    case 'transactions':
      return envelope(2, [encodeBytes(packet.list), ...encodeStart(packet)])
    case 'signedTransactions': {
      const { list, signers } = packet
      const items = [encodeBytes(list), encodeBytes(signers), ...encodeStart(packet)]
      return envelope(SIGNED_TRANSACTIONS, items)
    }
    case 'blocks':
      return envelope(3, packet.blocks.map(encodeBytes))
    case 'blocksRequest':
      return envelope(4, [encodeWord(packet.from), encodeWord(packet.count)])
    case 'transactionsStatus': {
      const hashes = encodeHashes(packet.hashes.toSorted())
      return envelope(5, [encodeWord(packet.blockNumber), hashes])
    }
    case 'transactionsRequest':
      return envelope(6, [encodeHashes(packet.hashes)])
    case 'rowsRequest':
      return envelope(ROWS_REQUEST, encodePlace(packet))
    case 'rows': {
      const rows = encodeList(packet.rows.map(encodeListedRow))
      return envelope(ROWS, [...encodePlace(packet), encodeInteger(packet.total), rows])
    }
    case 'proofRequest':
      return envelope(PROOF_REQUEST, [encodeBytes(fromHex(packet.hash))])
    case 'proof':
      return envelope(PROOF, [encodeBytes(fromHex(packet.hash)), encodeBytes(packet.proof)])
  }
}

/** Reads a packet; byte strings are views of `payload`. Throws {@link InvalidSyncPacketError}. */
export function decodeSyncPacket(payload: Uint8Array): SyncPacket {
  const type = payload[0] ?? 0
  const reader = READERS[type]
  if (type > TYPE_BYTE_MAX || reader === undefined) {
    throw new InvalidSyncPacketError('unknown', `type byte ${type} in ${payload.length} bytes`)
  }
  try {
    return reader.read(decodeSequence(payload.subarray(1), 1).list(0, reader.itemsMax))
  } catch (error) {
    if (!isBcosError(error)) throw error
    throw new InvalidSyncPacketError(reader.packet, messageOf(error), error)
  }
}

interface PacketReader {
  readonly packet: SyncPacket['type']
  readonly itemsMax: number
  readonly read: (list: RlpList) => SyncPacket
}

/** By the packet's first byte. */
const READERS: Readonly<Record<number, PacketReader>> = {
  1: { packet: 'status', itemsMax: 4, read: readStatus },
  2: { packet: 'transactions', itemsMax: FIELDS_MAX, read: readTransactions },
  3: { packet: 'blocks', itemsMax: PACKET_BLOCKS_MAX, read: readBlocks },
  4: { packet: 'blocksRequest', itemsMax: 2, read: readBlocksRequest },
  5: { packet: 'transactionsStatus', itemsMax: FIELDS_MAX, read: readTransactionsStatus },
  6: { packet: 'transactionsRequest', itemsMax: FIELDS_MAX, read: readTransactionsRequest },
  [ROWS_REQUEST]: { packet: 'rowsRequest', itemsMax: FIELDS_MAX, read: readRowsRequest },
  [ROWS]: { packet: 'rows', itemsMax: FIELDS_MAX, read: readRows },
  [SIGNED_TRANSACTIONS]: {
    packet: 'signedTransactions',
    itemsMax: FIELDS_MAX,
    read: readSignedTransactions,
  },
  [PROOF_REQUEST]: { packet: 'proofRequest', itemsMax: FIELDS_MAX, read: readProofRequest },
  [PROOF]: { packet: 'proof', itemsMax: FIELDS_MAX, read: readProof },
}

function readStatus(list: RlpList): SyncPacket {
  const status = {
    number: wideNumber(list, 0),
    genesisHash: toHex(list.fixed(1, 32)),
    latestHash: toHex(list.fixed(2, 32)),
    timeMs: wideNumber(list, 3),
  }
  return { type: 'status', status }
}

function readTransactions(list: RlpList): SyncPacket {
  return { type: 'transactions', list: list.bytes(0), startIndex: readStart(list, 1) }
}

function readSignedTransactions(items: RlpList): SyncPacket {
  const list = items.bytes(0)
  const signers = items.fixed(1, PUBLIC_KEY_BYTES * countTransactionList(list))
  return { type: 'signedTransactions', list, signers, startIndex: readStart(items, 2) }
}

function encodeStart({ startIndex }: { readonly startIndex: number | undefined }): Uint8Array[] {
  return startIndex === undefined ? [] : [encodeWord(startIndex)]
}

function readStart(list: RlpList, index: number): number | undefined {
  return list.length > index ? wideNumber(list, index) : undefined
}

function readBlocks(list: RlpList): SyncPacket {
  return { type: 'blocks', blocks: list.items.map((_, i) => list.bytes(i)) }
}

function readBlocksRequest(list: RlpList): SyncPacket {
  return { type: 'blocksRequest', from: wideNumber(list, 0), count: wideNumber(list, 1) }
}

function readTransactionsStatus(list: RlpList): SyncPacket {
  const blockNumber = wideNumber(list, 0)
  return { type: 'transactionsStatus', blockNumber, hashes: readHashes(list, 1) }
}

function readTransactionsRequest(list: RlpList): SyncPacket {
  return { type: 'transactionsRequest', hashes: readHashes(list, 0) }
}

interface RowsPlace {
  readonly number: number
  readonly hash: HashText
  readonly start: number
}

function encodePlace({ number, hash, start }: RowsPlace): readonly Uint8Array[] {
  return [encodeInteger(number), encodeBytes(fromHex(hash)), encodeInteger(start)]
}

function readPlace(list: RlpList): RowsPlace {
  const hash = toHex(list.fixed(1, 32))
  return { number: wideNumber(list, 0), hash, start: wideNumber(list, 2) }
}

function readRowsRequest(list: RlpList): SyncPacket {
  return { type: 'rowsRequest', ...readPlace(list) }
}

function readRows(list: RlpList): SyncPacket {
  const rows = list.list(4, PACKET_ROWS_MAX)
  return {
    type: 'rows',
    ...readPlace(list),
    total: wideNumber(list, 3),
    rows: rows.items.map((_, i) => decodeListedRow(rows, i)),
  }
}

function readProofRequest(list: RlpList): SyncPacket {
  return { type: 'proofRequest', hash: toHex(list.fixed(0, 32)) }
}

function readProof(list: RlpList): SyncPacket {
  return { type: 'proof', hash: toHex(list.fixed(0, 32)), proof: list.bytes(1) }
}

function readHashes(list: RlpList, index: number): readonly HashText[] {
  const hashes = list.list(index, PACKET_HASHES_MAX)
  return hashes.items.map((_, i) => toHex(hashes.fixed(i, 32)))
}

/** Up to 8 bytes are read where the reference writes the low 4 (spec 04 §0.1). */
function wideNumber(list: RlpList, index: number): number {
  const value = list.bigint(index, WIDE_BYTES)
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw new InvalidSyncPacketError('number', `${value} is beyond any chain`)
  }
  return Number(value)
}

/** The number and the clock of a status are the only integers that are written in full (spec 04 §0.1). */
function encodeStatus(status: NodeStatus): readonly Uint8Array[] {
  return [
    encodeInteger(status.number),
    encodeBytes(fromHex(status.genesisHash)),
    encodeBytes(fromHex(status.latestHash)),
    encodeInteger(status.timeMs),
  ]
}

function encodeWord(value: number): Uint8Array {
  return encodeInteger(value % WORD)
}

function encodeHashes(hashes: readonly HashText[]): Uint8Array {
  return encodeList(hashes.map((hash) => encodeBytes(fromHex(hash))))
}

function envelope(type: number, items: readonly Uint8Array[]): Uint8Array {
  return concatBytes(Uint8Array.of(type), encodeList(items))
}
