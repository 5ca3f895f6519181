import { type RandomSource, systemRandom } from '@bcos-ts/common'
import type { Curve } from '../curve.ts'
import { InvalidKeyError, isCryptoError } from '../errors.ts'
import { type EcKeyPair, ecKeyPair } from './ec-key.ts'

/** A good source needs a second draw once in 256 times; one that fails this often is no source. */
const DRAWS_MAX = 256

/**
 * Whether a C++ node accepts the secret key as its own: it must print as 64 hexadecimal digits, so the first
 * byte may not be zero (spec 01 §3.5).
 */
export function isNodeKey(secretKey: Uint8Array): boolean {
  return secretKey.length === 32 && secretKey[0] !== 0
}

/** A key pair of 32 random bytes, or `undefined` when they are zero or not below the group order. */
function tryKey(curve: Curve, secretKey: Uint8Array): EcKeyPair | undefined {
  try {
    return ecKeyPair(curve, secretKey)
  } catch (error) {
    if (isCryptoError(error, 'CRYPTO_INVALID_KEY')) return undefined
    throw error
  }
}

function generate(
  curve: Curve,
  random: RandomSource,
  isWanted: (secretKey: Uint8Array) => boolean,
): EcKeyPair {
  for (let draw = 0; draw < DRAWS_MAX; draw++) {
    const secretKey = random.bytes(32)
    const keys = isWanted(secretKey) ? tryKey(curve, secretKey) : undefined
    if (keys !== undefined) return keys
  }
  throw new InvalidKeyError(curve, `the random source gave no key in ${DRAWS_MAX} draws`)
}

/** A new key pair for an account. Throws `CRYPTO_INVALID_KEY` when `random` is broken. */
export function generateAccountKey(curve: Curve, random: RandomSource = systemRandom): EcKeyPair {
  return generate(curve, random, () => true)
}

/** A new key pair for a node, drawn until {@link isNodeKey}. Throws as {@link generateAccountKey} does. */
export function generateNodeKey(curve: Curve, random: RandomSource = systemRandom): EcKeyPair {
  return generate(curve, random, isNodeKey)
}
