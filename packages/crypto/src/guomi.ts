import { bytesToBigInt, concatBytes } from '@bcos-ts/common'
import { addressOf } from './address.ts'
import type { HashEngine } from './hash.ts'
import { assertDigest, SECP256K1_ORDER } from './secp256k1.ts'
import { portableSm2, SM2_SIGNATURE_BYTES, type Sm2Engine } from './sm2.ts'
import { sm3 } from './sm3.ts'
import type { CryptoSuite } from './suite.ts'

/** r (32), s (32), public key (64): SM2 cannot recover the signer, so the signature carries it. */
export const GUOMI_SIGNATURE_BYTES = 128

export interface GuomiEngines {
  readonly sm3: HashEngine
  readonly sm2: Sm2Engine
}

/** The guomi suite, SM3 and SM2, on the engines given. */
export function createGuomiSuite(engines: GuomiEngines): CryptoSuite {
  const { hash } = engines.sm3
  const { sm2 } = engines
  return {
    name: 'guomi',
    signatureBytes: GUOMI_SIGNATURE_BYTES,
    hash,
    keyPair: (secretKey) => ({ secretKey, publicKey: sm2.publicKey(secretKey) }),
    sign(digest, keys) {
      assertDigest(digest)
      return concatBytes(sm2.sign(digest, keys), keys.publicKey)
    },
    verify(signature, digest, publicKey) {
      // The key is the one the caller knows (a node id); the carried one is not looked at (spec 01 §3.4).
      if (signature.length !== GUOMI_SIGNATURE_BYTES || digest.length !== 32) return false
      return sm2.verify(signature.subarray(0, SM2_SIGNATURE_BYTES), digest, publicKey)
    },
    recover(signature, digest) {
      if (signature.length !== GUOMI_SIGNATURE_BYTES || digest.length !== 32) return undefined
      const carried = signature.slice(SM2_SIGNATURE_BYTES)
      const isGood = sm2.verify(signature.subarray(0, SM2_SIGNATURE_BYTES), digest, carried)
      return isGood ? carried : undefined
    },
    address: (publicKey) => addressOf(hash, publicKey),
    engines: { sm3: engines.sm3.engine, sm2: sm2.engine },
  }
}

/**
 * Whether a signature has the form that transactions must have: 128 bytes, public key not zero,
 * 0 < r, s < order of secp256k1 (spec 01 §3.4). That order is larger than the one of SM2, so this is only a
 * cheap first look; {@link CryptoSuite.recover} does the real range checks.
 */
export function isValidGuomiSignature(signature: Uint8Array): boolean {
  if (signature.length !== GUOMI_SIGNATURE_BYTES) return false
  const r = bytesToBigInt(signature.subarray(0, 32))
  const s = bytesToBigInt(signature.subarray(32, 64))
  const isInRange = r > 0n && r < SECP256K1_ORDER && s > 0n && s < SECP256K1_ORDER
  return isInRange && signature.subarray(64).some((byte) => byte !== 0)
}

export const portableSm3: HashEngine = { engine: '@bcos-ts/crypto', hash: (m) => sm3(m) }

/** The guomi suite in portable code. */
export const guomiSuite: CryptoSuite = /* @__PURE__ */ createGuomiSuite({
  sm3: portableSm3,
  sm2: portableSm2,
})
