import { bytesToBigInt, EMPTY_BYTES, fromHex, messageOf, toHex } from '@bcos-ts/common'
import type { CryptoSuite, KeyPair } from '@bcos-ts/crypto'
import {
  decodeList,
  encodeBytes,
  encodeInteger,
  encodeList,
  type RlpList,
  wrapList,
} from './codec/rlp.ts'
import { InvalidTransactionError } from './errors.ts'
import type { Address, HashText } from './primitives.ts'

/** The ten fields that are signed (spec 01 §4.1). */
export interface TransactionFields {
  /** Random and unique, not a counter. */
  readonly nonce: bigint
  readonly gasPrice: bigint
  readonly gas: bigint
  readonly blockLimit: bigint
  /** `undefined` creates a contract. */
  readonly to: Address | undefined
  readonly value: bigint
  readonly data: Uint8Array
  readonly chainId: bigint
  readonly groupId: bigint
  readonly extraData: Uint8Array
}

const FIELD_NAMES = [
  'nonce',
  'gasPrice',
  'gas',
  'blockLimit',
  'to',
  'value',
  'data',
  'chainId',
  'groupId',
  'extraData',
  'signature',
  'signature',
  'signature',
] as const

const UNSIGNED_ITEMS = 10
const SIGNED_ITEMS = 13
/** Surplus items are ignored, as in the reference, but not without end. */
const ITEMS_MAX = 64
const ADDRESS_BYTES = 20

/**
 * A signed transaction: the bytes as they were received, decoded and hashed once.
 * The sender is recovered on first demand and kept.
 */
export class Transaction implements TransactionFields {
  /** As received; a block carries these bytes. */
  readonly raw: Uint8Array
  /** Hash of the canonical encoding, 32 bytes; differs from the hash of {@link raw} only for odd encodings. */
  readonly hash: Uint8Array
  readonly hashText: HashText
  /** What was signed, 32 bytes. */
  readonly signingHash: Uint8Array
  /** r, s, v (65 bytes) or r, s, public key (128 bytes). */
  readonly signature: Uint8Array
  readonly nonce: bigint
  /** Minimal big-endian bytes of the nonce in hex: the form in which nonces are remembered. */
  readonly nonceText: string
  readonly gasPrice: bigint
  readonly gas: bigint
  readonly blockLimit: bigint
  readonly to: Address | undefined
  readonly value: bigint
  readonly data: Uint8Array
  readonly chainId: bigint
  readonly groupId: bigint
  readonly extraData: Uint8Array
  #sender: Address | null | undefined

  constructor(raw: Uint8Array, suite: CryptoSuite) {
    const list = decodeEnvelope(raw)
    const read = new FieldReader(list)
    this.raw = raw
    const nonce = read.field(0, () => list.integerBytes(0, 32))
    this.nonce = bytesToBigInt(nonce)
    this.nonceText = toHex(nonce)
    this.gasPrice = read.integer(1)
    this.gas = read.integer(2)
    this.blockLimit = read.integer(3)
    this.to = read.field(4, () => receiver(list))
    this.value = read.integer(5)
    this.data = read.field(6, () => list.bytes(6))
    this.chainId = read.integer(7)
    this.groupId = read.integer(8)
    this.extraData = read.field(9, () => list.bytes(9))
    this.signature = read.field(10, () => signatureOf(list, suite))
    const { unsigned, canonical } = canonicalForms(this, list, suite)
    this.signingHash = suite.hash(unsigned)
    this.hash = suite.hash(canonical)
    this.hashText = toHex(this.hash)
  }

  get isCreation(): boolean {
    return this.to === undefined
  }

  /**
   * The account whose key made the signature, or `undefined` when the signature is not good.
   * Costs a signature recovery the first time.
   */
  sender(suite: CryptoSuite): Address | undefined {
    if (this.#sender === undefined) {
      const publicKey = suite.recover(this.signature, this.signingHash)
      this.#sender = publicKey === undefined ? null : toHex(suite.address(publicKey))
    }
    return this.#sender ?? undefined
  }
}

/** Reads a signed transaction. Throws {@link InvalidTransactionError} for anything else. */
export function decodeTransaction(raw: Uint8Array, suite: CryptoSuite): Transaction {
  return new Transaction(raw, suite)
}

function decodeEnvelope(raw: Uint8Array): RlpList {
  try {
    return decodeList(raw, ITEMS_MAX)
  } catch (error) {
    throw new InvalidTransactionError('rlp', messageOf(error), error)
  }
}

class FieldReader {
  readonly #list: RlpList

  constructor(list: RlpList) {
    this.#list = list
  }

  field<T>(index: number, read: () => T): T {
    try {
      return read()
    } catch (error) {
      throw new InvalidTransactionError(FIELD_NAMES[index] ?? '?', messageOf(error), error)
    }
  }

  integer(index: number): bigint {
    return this.field(index, () => this.#list.bigint(index))
  }
}

/** Both `80` and `c0` mean a creation (spec 01 §4.1). */
function receiver(list: RlpList): Address | undefined {
  const { payload, end } = list.item(4)
  if (payload === end) return undefined
  return toHex(list.fixed(4, ADDRESS_BYTES))
}

function signatureOf(list: RlpList, suite: CryptoSuite): Uint8Array {
  const signature = new Uint8Array(suite.signatureBytes)
  const place = (index: number, end: number) => {
    const bytes = list.integerBytes(index, 32)
    signature.set(bytes, end - bytes.length)
  }
  place(11, 32)
  if (suite.name === 'standard') {
    place(12, 64)
    const v = list.integerBytes(10, 1)[0] ?? 0
    signature[64] = (v - 27) & 0xff
  } else {
    place(12, 64)
    // Some SDKs drop leading zero bytes of the public key (spec 01 §3.4).
    const publicKey = list.bytes(10)
    if (publicKey.length > 64) throw new RangeError('a public key of more than 64 bytes')
    signature.set(publicKey, 128 - publicKey.length)
  }
  return signature
}

/** The bytes that were signed and the bytes whose hash names the transaction. */
function canonicalForms(
  fields: TransactionFields & { readonly signature: Uint8Array; readonly raw: Uint8Array },
  list: RlpList,
  suite: CryptoSuite,
): { unsigned: Uint8Array; canonical: Uint8Array } {
  const isCanonical =
    list.length === SIGNED_ITEMS &&
    !list.isList(4) &&
    (suite.name === 'standard' ? list.bytes(10).length === 1 : list.bytes(10).length === 64)
  if (!isCanonical) {
    const unsigned = encodeUnsigned(fields)
    return { unsigned, canonical: encodeSigned(fields, fields.signature) }
  }
  // The signed fields stand side by side already: only the list header differs.
  const payload = fields.raw.subarray(list.item(0).start, list.item(UNSIGNED_ITEMS - 1).end)
  return { unsigned: wrapList(payload), canonical: fields.raw }
}

function unsignedItems(fields: TransactionFields): Uint8Array[] {
  return [
    encodeInteger(fields.nonce),
    encodeInteger(fields.gasPrice),
    encodeInteger(fields.gas),
    encodeInteger(fields.blockLimit),
    encodeBytes(fields.to === undefined ? EMPTY_BYTES : fromHex(fields.to)),
    encodeInteger(fields.value),
    encodeBytes(fields.data),
    encodeInteger(fields.chainId),
    encodeInteger(fields.groupId),
    encodeBytes(fields.extraData),
  ]
}

/** RLP of the ten unsigned fields: the message that is hashed and signed. */
export function encodeUnsigned(fields: TransactionFields): Uint8Array {
  return encodeList(unsignedItems(fields))
}

/** RLP of a transaction with a signature of 65 bytes (standard) or 128 bytes (guomi). */
export function encodeSigned(fields: TransactionFields, signature: Uint8Array): Uint8Array {
  const r = encodeInteger(bytesToBigInt(signature.subarray(0, 32)))
  const s = encodeInteger(bytesToBigInt(signature.subarray(32, 64)))
  const isStandard = signature.length === 65
  const first = isStandard
    ? encodeInteger((signature[64] ?? 0) + 27)
    : encodeBytes(signature.subarray(64))
  return encodeList([...unsignedItems(fields), first, r, s])
}

/** Signs and encodes. */
export function signTransaction(
  fields: TransactionFields,
  keys: KeyPair,
  suite: CryptoSuite,
): Transaction {
  const signature = suite.sign(suite.hash(encodeUnsigned(fields)), keys)
  return new Transaction(encodeSigned(fields, signature), suite)
}
