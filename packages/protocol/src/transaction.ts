import {
  allocBytes,
  type ByteSlab,
  bytesToBigInt,
  EMPTY_BYTES,
  fromHex,
  messageOf,
  toHex,
} from '@bcos-ts/common'
import type { CryptoSuite, KeyPair, Signers, SuiteName } from '@bcos-ts/crypto'
import { RlpCursor } from './codec/rlp-cursor.ts'
import { RlpWriter } from './codec/rlp-writer.ts'
import { enterList } from './codec/rlp.ts'
import { InvalidRlpError, InvalidTransactionError } from './errors.ts'
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
const INTEGER_BYTES = 32
const PUBLIC_KEY_BYTES = 64
const STANDARD_SIGNATURE_BYTES = 65
const GUOMI_SIGNATURE_BYTES = 128

const Field = {
  nonce: 0,
  gasPrice: 1,
  gas: 2,
  blockLimit: 3,
  to: 4,
  value: 5,
  data: 6,
  chainId: 7,
  groupId: 8,
  extraData: 9,
  /** `v`, or the public key. */
  head: 10,
  r: 11,
  s: 12,
} as const

const cursor = new RlpCursor()
const writer = new RlpWriter()
/** Where a signature stands while its signer is looked for. */
const SIGNATURES: Readonly<Record<SuiteName, Uint8Array>> = {
  standard: new Uint8Array(STANDARD_SIGNATURE_BYTES),
  guomi: new Uint8Array(GUOMI_SIGNATURE_BYTES),
}

/** Who signed a batch; without keys where these were known before. */
export type CheckedSigners = Pick<Signers, 'valid' | 'addresses'> & Partial<Signers>

/**
 * A signed transaction: the bytes as they were received, looked through and hashed once. Fields are read from them
 * when they are asked for, which for most of them happens once or never.
 * The sender is recovered on first demand and kept.
 */
export class Transaction implements TransactionFields {
  /** Hash of the canonical encoding, 32 bytes; differs from the hash of {@link raw} only for odd encodings. */
  readonly hash: Uint8Array
  readonly hashText: HashText
  /** Minimal big-endian bytes of the nonce in hex: the form in which nonces are remembered. */
  readonly nonceText: string
  #raw: Uint8Array
  readonly #suite: CryptoSuite
  readonly #isCanonical: boolean
  #to: Address | null | undefined
  #sender: Address | null | undefined
  /** X || Y, from its recovery until somebody takes it. */
  #signer: Uint8Array | undefined

  /** `rawHash` is the hash of `raw`, where the caller has it already. Throws {@link InvalidTransactionError}. */
  constructor(raw: Uint8Array, suite: CryptoSuite, rawHash?: Uint8Array) {
    this.#raw = raw
    this.#suite = suite
    this.#isCanonical = checkItems(raw, suite.name)
    this.nonceText = toHex(this.#bytes(Field.nonce))
    this.hash = this.#isCanonical
      ? (rawHash ?? suite.hash(raw))
      : suite.hash(encodeSigned(this, this.signature))
    this.hashText = toHex(this.hash)
  }

  /** As received; a block carries these bytes. */
  get raw(): Uint8Array {
    return this.#raw
  }

  /** Takes a copy of the bytes: what they came in, such as a packet, need not be kept. */
  detach(memory: ByteSlab): void {
    this.#raw = memory.copy(this.#raw)
  }

  get nonce(): bigint {
    return this.#integer(Field.nonce)
  }

  get gasPrice(): bigint {
    return this.#integer(Field.gasPrice)
  }

  get gas(): bigint {
    return this.#integer(Field.gas)
  }

  get blockLimit(): bigint {
    return this.#integer(Field.blockLimit)
  }

  get to(): Address | undefined {
    if (this.#to === undefined) {
      const bytes = this.#bytes(Field.to)
      this.#to = bytes.length === 0 ? null : toHex(bytes)
    }
    return this.#to ?? undefined
  }

  get value(): bigint {
    return this.#integer(Field.value)
  }

  get data(): Uint8Array {
    return this.#bytes(Field.data)
  }

  get chainId(): bigint {
    return this.#integer(Field.chainId)
  }

  get groupId(): bigint {
    return this.#integer(Field.groupId)
  }

  get extraData(): Uint8Array {
    return this.#bytes(Field.extraData)
  }

  get isCreation(): boolean {
    return this.to === undefined
  }

  /** r, s, v (65 bytes) or r, s, public key (128 bytes). */
  get signature(): Uint8Array {
    const signature = allocBytes(this.#suite.signatureBytes)
    this.#writeSignature(signature)
    return signature
  }

  /** `signature` is zeroed, as long as those of the suite. */
  #writeSignature(signature: Uint8Array): void {
    const raw = this.#raw
    const at = this.#find(Field.head)
    // Some SDKs drop leading zero bytes of the public key (spec 01 §3.4).
    if (signature.length === STANDARD_SIGNATURE_BYTES) {
      signature[2 * INTEGER_BYTES] = at.end > at.payload ? (raw[at.payload] ?? 0) - 27 : -27
    } else {
      writeBefore(signature, signature.length, at)
    }
    at.next()
    writeBefore(signature, INTEGER_BYTES, at)
    at.next()
    writeBefore(signature, 2 * INTEGER_BYTES, at)
  }

  /** Lent until the next call. */
  #spreadSignature({ name }: CryptoSuite): Uint8Array {
    const signature = SIGNATURES[name]
    signature.fill(0)
    this.#writeSignature(signature)
    return signature
  }

  /** What was signed, 32 bytes. */
  get signingHash(): Uint8Array {
    if (!this.#isCanonical) return this.#suite.hash(encodeUnsigned(this))
    // The signed fields stand side by side already: only the list header differs.
    const at = this.#find(Field.nonce)
    const { start } = at
    for (let i = 1; i < UNSIGNED_ITEMS; i++) at.next()
    const list = writer.beginList()
    writer.span(this.#raw, start, at.end)
    writer.endList(list)
    return writer.lend(this.#suite.hash)
  }

  /**
   * The account whose key made the signature, or `undefined` when the signature is not good.
   * Costs a signature recovery the first time.
   */
  sender(suite: CryptoSuite): Address | undefined {
    if (this.#sender === undefined) {
      const publicKey = suite.recover(this.#spreadSignature(suite), this.signingHash)
      this.#sender = publicKey === undefined ? null : toHex(suite.address(publicKey))
      if (suite.name === 'standard') this.#signer = publicKey
    }
    return this.#sender ?? undefined
  }

  /** Whether the signature has the form that one from outside must have; says nothing of whether it is good. */
  isWellFormed(suite: CryptoSuite): boolean {
    return suite.isWellFormed(this.#spreadSignature(suite))
  }

  /** What it weighs in a pool: its encoding, and once more data and extra data (spec 01 §4.3). Bytes. */
  get poolBytes(): number {
    const at = this.#find(Field.data)
    const data = at.end - at.payload
    for (let i = Field.data; i < Field.extraData; i++) at.next()
    return this.#raw.length + data + at.end - at.payload
  }

  /** Adds the nonce as it stands in the encoding: an RLP item. */
  writeNonce(into: RlpWriter): void {
    const { start, end } = this.#find(Field.nonce)
    into.span(this.#raw, start, end)
  }

  get isSenderKnown(): boolean {
    return this.#sender !== undefined
  }

  /**
   * Takes the sender from place `index` of a batch in which its signature was checked, and the key for
   * {@link takeSigner} where the batch has found it.
   */
  adoptSender({ valid, addresses, publicKeys }: CheckedSigners, index: number): void {
    const start = ADDRESS_BYTES * index
    const isValid = valid[index] === 1
    this.#sender = isValid ? toHex(addresses.subarray(start, start + ADDRESS_BYTES)) : null
    if (!isValid || publicKeys === undefined || this.#suite.name !== 'standard') return
    this.#signer = publicKeys.slice(PUBLIC_KEY_BYTES * index, PUBLIC_KEY_BYTES * (index + 1))
  }

  /**
   * The key of the signature, X || Y, where this node has recovered it, once: with it others need not recover it.
   * Afterwards it is forgotten, for a pool holds many transactions. `undefined` where the signature carries the key.
   */
  takeSigner(): Uint8Array | undefined {
    const signer = this.#signer
    this.#signer = undefined
    return signer
  }

  #integer(field: number): bigint {
    const { payload, end } = this.#find(field)
    return bytesToBigInt(this.#raw, payload, end)
  }

  #find(field: number): RlpCursor {
    cursor.enter(this.#raw, 0, this.#raw.length)
    cursor.next()
    cursor.descend()
    for (let i = 0; i <= field; i++) cursor.next()
    return cursor
  }

  /** Content of a field, not copied. */
  #bytes(field: number): Uint8Array {
    const { payload, end } = this.#find(field)
    return this.#raw.subarray(payload, end)
  }
}

/** Copies the content of the item under the cursor to where its last byte stands before `end`. */
function writeBefore(
  into: Uint8Array,
  end: number,
  { bytes, payload, end: last }: RlpCursor,
): void {
  for (let from = last - 1, to = end - 1; from >= payload; from--, to--) into[to] = bytes[from] ?? 0
}

/** Reads a signed transaction. Throws {@link InvalidTransactionError} for anything else. */
export function decodeTransaction(raw: Uint8Array, suite: CryptoSuite): Transaction {
  return new Transaction(raw, suite)
}

/** Looks at every item once; whether the encoding is the one that would be made of the fields. */
function checkItems(raw: Uint8Array, suite: SuiteName): boolean {
  let count = 0
  let isCanonical = true
  let flaw: { readonly field: number; readonly reason: string } | undefined
  try {
    enterList(cursor, raw)
    for (; !cursor.isAtEnd; count++) {
      if (count === ITEMS_MAX) throw new InvalidRlpError(`more than ${ITEMS_MAX} items`, cursor.end)
      cursor.next()
      const reason = count < SIGNED_ITEMS ? flawOf(count, raw, suite) : undefined
      if (reason !== undefined) flaw ??= { field: count, reason }
      isCanonical &&= isUsualForm(count, suite)
    }
  } catch (error) {
    throw new InvalidTransactionError('rlp', messageOf(error), error)
  }
  if (count < SIGNED_ITEMS) flaw = { field: count, reason: `item ${count} is missing` }
  if (flaw !== undefined) {
    throw new InvalidTransactionError(FIELD_NAMES[flaw.field] ?? '?', flaw.reason)
  }
  return isCanonical && count === SIGNED_ITEMS
}

/** Whether the item under the cursor, if it is good, is written as encoders write it. */
function isUsualForm(field: number, suite: SuiteName): boolean {
  if (field === Field.to) return !cursor.isList
  const headBytes = suite === 'standard' ? 1 : PUBLIC_KEY_BYTES
  return field !== Field.head || cursor.end - cursor.payload === headBytes
}

/** What is wrong with the item under the cursor, if anything. */
function flawOf(field: number, raw: Uint8Array, suite: SuiteName): string | undefined {
  const { payload, end, isList } = cursor
  const length = end - payload
  // Both `80` and `c0` mean a creation (spec 01 §4.1).
  if (field === Field.to && length === 0) return undefined
  if (isList) return 'a list where bytes are wanted'
  if (field === Field.to) {
    return length === ADDRESS_BYTES ? undefined : `${length} bytes instead of ${ADDRESS_BYTES}`
  }
  if (field === Field.data || field === Field.extraData) return undefined
  if (field === Field.head && suite === 'guomi') {
    return length <= PUBLIC_KEY_BYTES
      ? undefined
      : `a public key of more than ${PUBLIC_KEY_BYTES} bytes`
  }
  if (length > 0 && raw[payload] === 0) return 'an integer with a leading zero byte'
  const bytesMax = field === Field.head ? 1 : INTEGER_BYTES
  return length <= bytesMax ? undefined : `an integer of more than ${bytesMax} bytes`
}

function writeUnsigned(fields: TransactionFields): void {
  writer.integer(fields.nonce)
  writer.integer(fields.gasPrice)
  writer.integer(fields.gas)
  writer.integer(fields.blockLimit)
  writer.bytes(fields.to === undefined ? EMPTY_BYTES : fromHex(fields.to))
  writer.integer(fields.value)
  writer.bytes(fields.data)
  writer.integer(fields.chainId)
  writer.integer(fields.groupId)
  writer.bytes(fields.extraData)
}

/** RLP of the ten unsigned fields: the message that is hashed and signed. */
export function encodeUnsigned(fields: TransactionFields): Uint8Array {
  writer.clear()
  const list = writer.beginList()
  writeUnsigned(fields)
  writer.endList(list)
  return writer.take()
}

/** RLP of a transaction with a signature of 65 bytes (standard) or 128 bytes (guomi). */
export function encodeSigned(fields: TransactionFields, signature: Uint8Array): Uint8Array {
  writer.clear()
  const list = writer.beginList()
  writeUnsigned(fields)
  if (signature.length === STANDARD_SIGNATURE_BYTES) {
    writer.integer((signature[2 * INTEGER_BYTES] ?? 0) + 27)
  } else {
    writer.bytes(signature.subarray(2 * INTEGER_BYTES))
  }
  writer.integer(bytesToBigInt(signature.subarray(0, INTEGER_BYTES)))
  writer.integer(bytesToBigInt(signature.subarray(INTEGER_BYTES, 2 * INTEGER_BYTES)))
  writer.endList(list)
  return writer.take()
}

/** RLP list of the nonces of a block's transactions, as a chain keeps them. */
export function encodeNonces(transactions: readonly Transaction[]): Uint8Array {
  const list = writer.beginList()
  for (const transaction of transactions) transaction.writeNonce(writer)
  writer.endList(list)
  return writer.take()
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
