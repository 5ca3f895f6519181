import { ADDRESS_BYTES } from './address.ts'
import type { HashEngine } from './hash.ts'
import {
  assertBatch,
  roomForSigners,
  type SignatureBatch,
  type SignedBatch,
  type Signers,
} from './signature-batch.ts'

/** Writes the keys and validity of a batch, not the addresses. */
export type KeysOf = (batch: SignatureBatch, signers: Signers) => void

type Single<T> = (signature: Uint8Array, digest: Uint8Array, i: number) => T

function hashOneByOne(engine: HashEngine, messages: Uint8Array, lengths: Uint32Array): Uint8Array {
  const digests = new Uint8Array(32 * lengths.length)
  let from = 0
  for (const [i, length] of lengths.entries()) {
    digests.set(engine.hash(messages.subarray(from, from + length)), 32 * i)
    from += length
  }
  return digests
}

/** Packed hashes of packed messages, on any engine. */
export function hashMany(
  engine: HashEngine,
  messages: Uint8Array,
  lengths: Uint32Array,
): Uint8Array {
  const total = lengths.reduce((sum, length) => sum + length, 0)
  if (total !== messages.length) {
    throw new RangeError(`messages of ${total} bytes were announced, ${messages.length} given`)
  }
  return engine.hashMany?.(messages, lengths) ?? hashOneByOne(engine, messages, lengths)
}

function* eachOf<T>(batch: SignatureBatch, bytes: number, single: Single<T>): Generator<T> {
  for (let i = 0; i < batch.count; i++) {
    const signature = batch.signatures.subarray(bytes * i, bytes * (i + 1))
    yield single(signature, batch.digests.subarray(32 * i, 32 * i + 32), i)
  }
}

/** {@link KeysOf} for an engine that recovers one by one. */
export function recoverOneByOne(
  signatureBytes: number,
  recover: Single<Uint8Array | undefined>,
): KeysOf {
  return (batch, { publicKeys, valid }) => {
    let i = 0
    for (const key of eachOf(batch, signatureBytes, recover)) {
      valid[i] = key === undefined ? 0 : 1
      if (key === undefined) publicKeys.fill(0, 64 * i, 64 * i + 64)
      else publicKeys.set(key, 64 * i)
      i += 1
    }
  }
}

/** `verify` of every signature. */
export function verifyOneByOne(
  batch: SignedBatch,
  signatureBytes: number,
  verify: (signature: Uint8Array, digest: Uint8Array, publicKey: Uint8Array) => boolean,
): Uint8Array {
  assertBatch(batch, signatureBytes)
  const keyOf = (i: number): Uint8Array => batch.publicKeys.subarray(64 * i, 64 * i + 64)
  const single: Single<number> = (signature, digest, i) =>
    verify(signature, digest, keyOf(i)) ? 1 : 0
  return Uint8Array.from(eachOf(batch, signatureBytes, single))
}

/** How a suite finds signers. */
export interface SignerSearch {
  readonly signatureBytes: number
  readonly hash: HashEngine
  readonly keysOf: KeysOf
}

/** Keys by `keysOf`, and the addresses of all at once. */
export function signersOf(
  batch: SignatureBatch,
  { signatureBytes, hash, keysOf }: SignerSearch,
  into: Signers = roomForSigners(batch.count),
): Signers {
  assertBatch(batch, signatureBytes)
  const { count } = batch
  const { addresses, publicKeys, valid } = into
  keysOf(batch, into)
  const keys = publicKeys.subarray(0, 64 * count)
  const digests = hashMany(hash, keys, new Uint32Array(count).fill(64))
  for (let i = 0; i < count; i++) {
    const at = ADDRESS_BYTES * i
    const end = 32 * (i + 1)
    if (valid[i] === 1) addresses.set(digests.subarray(end - ADDRESS_BYTES, end), at)
    else addresses.fill(0, at, at + ADDRESS_BYTES)
  }
  return into
}
