/**
 * Cryptography for simulators: a mixing function instead of a hash, a keyed digest instead of a signature.
 * Hundreds of times faster than the real thing, and worthless outside a simulated world.
 *
 * Inside it, nobody can sign for another: a signature is checked with the secret key, which the suite remembers
 * when it makes key pairs and shows to nobody.
 * @module
 */
import { allocBytes, concatBytes, equalBytes } from '@bcos-ts/common'
import type { CryptoSuite, KeyPair } from '@bcos-ts/protocol/ports'

const DIGEST_WORDS = 8
const DIGEST_BYTES = 4 * DIGEST_WORDS
const SIGNATURE_BYTES = 65
const LOW_BYTE = 0x3f
const LOW_WORD = 0x3fffffff

/**
 * 256 bits in which every bit of the message counts. Not a cryptographic hash: four words that each word of the
 * message goes through, so that no two messages of one length meet in fewer than four of theirs.
 */
export function simulatedHash(message: Uint8Array): Uint8Array {
  const { length } = message
  let a = 0x9e3779b9 ^ length
  let b = 0x3c6ef372
  let c = 0xdaa66d2b
  let d = 0x78dde6e4
  const rounds = (length + 3) >> 2
  const digest = new Uint8Array(DIGEST_BYTES)
  for (let round = 0; round < rounds + 2 * DIGEST_WORDS; round++) {
    const at = 4 * round
    const word = at < length ? wordAt(message, at) : round
    const t = Math.imul(a ^ word, 0xcc9e2d51)
    const mixed = (((t << 15) | (t >>> 17)) + b) | 0
    a = b ^ (mixed >>> 7)
    b = c
    c = d
    d = mixed
    const out = round - rounds - DIGEST_WORDS
    if (out >= 0) write(digest, 4 * out, finish(mixed))
  }
  return digest
}

function wordAt(message: Uint8Array, at: number): number {
  return (
    ((message[at] ?? 0) << 24) |
    ((message[at + 1] ?? 0) << 16) |
    ((message[at + 2] ?? 0) << 8) |
    (message[at + 3] ?? 0)
  )
}

function write(digest: Uint8Array, at: number, word: number): void {
  digest[at] = word >>> 24
  digest[at + 1] = word >>> 16
  digest[at + 2] = word >>> 8
  digest[at + 3] = word
}

function finish(lane: number): number {
  let z = Math.imul(lane ^ (lane >>> 16), 0x85ebca6b)
  z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35)
  return (z ^ (z >>> 16)) >>> 0
}

/** Where the keys of a public key, or of its tag, are found: 46 bits that tell them apart. */
function shortName(publicKey: Uint8Array): number {
  return (wordAt(publicKey, 0) & LOW_WORD) * 2 ** 16 + (wordAt(publicKey, 4) >>> 16)
}

/** The first half of a key in a signature: below half of any curve's order, like the number that stands there in a real one. */
function tagByte(publicKey: Uint8Array, index: number): number {
  const byte = publicKey[index] ?? 0
  return index === 0 ? byte & LOW_BYTE : byte
}

/** Whether a signature is this digest, the tag of this key, and a zero. */
function isSealed(signature: Uint8Array, digest: Uint8Array, publicKey: Uint8Array): boolean {
  if (signature.length !== SIGNATURE_BYTES || signature[2 * DIGEST_BYTES] !== 0) return false
  for (let i = 0; i < DIGEST_BYTES; i++) {
    if (signature[i] !== digest[i]) return false
    if (signature[DIGEST_BYTES + i] !== tagByte(publicKey, i)) return false
  }
  return true
}

/** A suite of one simulated world. Key pairs must be made by {@link CryptoSuite.keyPair} of the same suite. */
export function createSimulatedSuite(): CryptoSuite {
  const known = new Map<number, KeyPair>()
  const seal = (digest: Uint8Array, { secretKey, publicKey }: KeyPair): Uint8Array => {
    const signature = allocBytes(SIGNATURE_BYTES)
    signature.set(simulatedHash(concatBytes(secretKey, digest)))
    for (let i = DIGEST_BYTES; i < 2 * DIGEST_BYTES; i++) {
      signature[i] = tagByte(publicKey, i - DIGEST_BYTES)
    }
    return signature
  }
  const verify = (signature: Uint8Array, digest: Uint8Array, publicKey: Uint8Array): boolean => {
    const keys = known.get(shortName(publicKey))
    if (keys === undefined || !equalBytes(keys.publicKey, publicKey)) return false
    const expected = simulatedHash(concatBytes(keys.secretKey, digest))
    return isSealed(signature, expected, publicKey)
  }
  return {
    name: 'standard',
    signatureBytes: SIGNATURE_BYTES,
    hash: simulatedHash,
    keyPair(secretKey: Uint8Array): KeyPair {
      const half = simulatedHash(secretKey)
      const publicKey = concatBytes(half, simulatedHash(half))
      const keys = { secretKey, publicKey }
      known.set(shortName(publicKey), keys)
      return keys
    },
    sign: seal,
    verify,
    isWellFormed: (signature) => signature.length === SIGNATURE_BYTES,
    recover(signature, digest) {
      const keys = known.get(shortName(signature.subarray(32)))
      if (keys === undefined || !verify(signature, digest, keys.publicKey)) return undefined
      return keys.publicKey
    },
    address: (publicKey) => simulatedHash(publicKey).subarray(12),
    engines: { hash: 'simulated', sign: 'simulated', recover: 'simulated' },
  }
}
