/**
 * Cryptography for simulators: a mixing function instead of a hash, a keyed digest instead of a signature.
 * Hundreds of times faster than the real thing, and worthless outside a simulated world.
 *
 * Inside it, nobody can sign for another: a signature is checked with the secret key, which the suite remembers
 * when it makes key pairs and shows to nobody.
 * @module
 */
import { concatBytes, equalBytes, toHex } from '@bcos-ts/common'
import type { CryptoSuite, KeyPair } from '@bcos-ts/protocol/ports'

const LANES = 8
const SIGNATURE_BYTES = 65

/** 256 bits in which every bit of the message counts. Not a cryptographic hash. */
export function simulatedHash(message: Uint8Array): Uint8Array {
  const lanes = new Uint32Array(LANES)
  for (let i = 0; i < LANES; i++) lanes[i] = 0x9e3779b9 * (i + 1) + message.length
  let word = 0
  for (let at = 0; at < message.length; at++) {
    word = (word << 8) | (message[at] ?? 0)
    if ((at & 3) === 3 || at === message.length - 1) {
      absorb(lanes, at >> 2, word)
      word = 0
    }
  }
  for (let round = 0; round < 2 * LANES; round++) absorb(lanes, round, 0x85ebca6b + round)
  const digest = new Uint8Array(4 * LANES)
  const view = new DataView(digest.buffer)
  for (let i = 0; i < LANES; i++) view.setUint32(4 * i, finish(lanes[i] ?? 0))
  return digest
}

function absorb(lanes: Uint32Array, position: number, word: number): void {
  const at = position % LANES
  const before = lanes[(at + LANES - 1) % LANES] ?? 0
  const here = Math.imul((lanes[at] ?? 0) ^ word, 0xcc9e2d51)
  lanes[at] = (((here << 15) | (here >>> 17)) + Math.imul(before, 0x1b873593)) >>> 0
  const next = (at + 3) % LANES
  lanes[next] = ((lanes[next] ?? 0) ^ (here >>> 7) ^ (before << 3)) >>> 0
}

function finish(lane: number): number {
  let z = Math.imul(lane ^ (lane >>> 16), 0x85ebca6b)
  z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35)
  return (z ^ (z >>> 16)) >>> 0
}

/** What tells a signer; below half of any curve's order, like the number that stands there in a real signature. */
function tagOf(publicKey: Uint8Array): Uint8Array {
  const tag = publicKey.slice(0, 32)
  tag[0] = (tag[0] ?? 0) & 0x3f
  return tag
}

/** A suite of one simulated world. Key pairs must be made by {@link CryptoSuite.keyPair} of the same suite. */
export function createSimulatedSuite(): CryptoSuite {
  const secrets = new Map<string, Uint8Array>()
  const seal = (digest: Uint8Array, secretKey: Uint8Array, publicKey: Uint8Array): Uint8Array => {
    const signature = new Uint8Array(SIGNATURE_BYTES)
    signature.set(simulatedHash(concatBytes(secretKey, digest)))
    signature.set(tagOf(publicKey), 32)
    return signature
  }
  const publicKeys = new Map<string, Uint8Array>()
  const verify = (signature: Uint8Array, digest: Uint8Array, publicKey: Uint8Array): boolean => {
    const secretKey = secrets.get(toHex(publicKey))
    return secretKey !== undefined && equalBytes(signature, seal(digest, secretKey, publicKey))
  }
  return {
    name: 'standard',
    signatureBytes: SIGNATURE_BYTES,
    hash: simulatedHash,
    keyPair(secretKey: Uint8Array): KeyPair {
      const half = simulatedHash(secretKey)
      const publicKey = concatBytes(half, simulatedHash(half))
      secrets.set(toHex(publicKey), secretKey)
      publicKeys.set(toHex(tagOf(publicKey)), publicKey)
      return { secretKey, publicKey }
    },
    sign: (digest, { secretKey, publicKey }) => seal(digest, secretKey, publicKey),
    verify,
    recover(signature, digest) {
      const publicKey = publicKeys.get(toHex(signature.subarray(32, 64)))
      if (publicKey === undefined || !verify(signature, digest, publicKey)) return undefined
      return publicKey
    },
    address: (publicKey) => simulatedHash(publicKey).subarray(12),
    engines: { hash: 'simulated', sign: 'simulated', recover: 'simulated' },
  }
}
