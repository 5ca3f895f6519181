import { bytesToBigInt, concatBytes } from '@bcos-ts/common'
import { addressOf } from './address.ts'
import type { HashEngine } from './hash.ts'
import { hashMany, type KeysOf, recoverOneByOne, signersOf, verifyOneByOne } from './many.ts'
import { assertDigest, SECP256K1_ORDER } from './secp256k1.ts'
import { assertBatch, type SignedBatch } from './signature-batch.ts'
import { portableSm2, SM2_SIGNATURE_BYTES, type Sm2Engine, type Sm2Verifier } from './sm2.ts'
import { sm3 } from './sm3.ts'
import type { BatchSuite, CryptoSuite } from './suite.ts'

/** r (32), s (32), public key (64): SM2 cannot recover the signer, so the signature carries it. */
export const GUOMI_SIGNATURE_BYTES = 128

export interface GuomiEngines {
  readonly sm3: HashEngine
  /** Signs, and verifies unless there is a `verifier`. */
  readonly sm2: Sm2Engine
  readonly verifier?: Sm2Verifier
}

/** Verifies a batch, and copies the keys that are carried by good signatures. */
function carriedKeys(verifyMany: NonNullable<Sm2Verifier['verifyMany']>): KeysOf {
  return (batch, { publicKeys, valid }) => {
    verifyMany(batch, valid)
    for (let i = 0; i < batch.count; i++) {
      const end = GUOMI_SIGNATURE_BYTES * (i + 1)
      if (valid[i] === 1) publicKeys.set(batch.signatures.subarray(end - 64, end), 64 * i)
      else publicKeys.fill(0, 64 * i, 64 * i + 64)
    }
  }
}

/** Verifies a batch against the keys given, which take the place of those that are carried. */
function verifyGivenKeys(
  batch: SignedBatch,
  verifyMany: NonNullable<Sm2Verifier['verifyMany']>,
): Uint8Array {
  assertBatch(batch, GUOMI_SIGNATURE_BYTES)
  const signatures = batch.signatures.slice()
  for (let i = 0; i < batch.count; i++) {
    const key = batch.publicKeys.subarray(64 * i, 64 * i + 64)
    signatures.set(key, GUOMI_SIGNATURE_BYTES * i + SM2_SIGNATURE_BYTES)
  }
  const valid = new Uint8Array(batch.count)
  verifyMany({ ...batch, signatures }, valid)
  return valid
}

/** The guomi suite, SM3 and SM2, on the engines given. */
export function createGuomiSuite(engines: GuomiEngines): BatchSuite {
  const { hash } = engines.sm3
  const { sm2, verifier = sm2 } = engines
  const verify: CryptoSuite['verify'] = (signature, digest, publicKey) => {
    // The key is the one the caller knows (a node id); the carried one is not looked at (spec 01 §3.4).
    if (signature.length !== GUOMI_SIGNATURE_BYTES || digest.length !== 32) return false
    return verifier.verify(signature.subarray(0, SM2_SIGNATURE_BYTES), digest, publicKey)
  }
  const recover: CryptoSuite['recover'] = (signature, digest) => {
    const carried = signature.slice(SM2_SIGNATURE_BYTES)
    return verify(signature, digest, carried) ? carried : undefined
  }
  const verifyMany = verifier.verifyMany?.bind(verifier)
  const signatureBytes = GUOMI_SIGNATURE_BYTES
  const keysOf =
    verifyMany === undefined ? recoverOneByOne(signatureBytes, recover) : carriedKeys(verifyMany)
  const search = { signatureBytes, hash: engines.sm3, keysOf }
  return {
    name: 'guomi',
    signatureBytes,
    hash,
    keyPair: (secretKey) => ({ secretKey, publicKey: sm2.publicKey(secretKey) }),
    sign(digest, keys) {
      assertDigest(digest)
      return concatBytes(sm2.sign(digest, keys), keys.publicKey)
    },
    verify,
    recover,
    isWellFormed: isValidGuomiSignature,
    address: (publicKey) => addressOf(hash, publicKey),
    hashMany: (messages, lengths) => hashMany(engines.sm3, messages, lengths),
    recoverMany: (batch, into) => signersOf(batch, search, into),
    verifyMany: (batch) =>
      verifyMany === undefined
        ? verifyOneByOne(batch, signatureBytes, verify)
        : verifyGivenKeys(batch, verifyMany),
    engines: { sm3: engines.sm3.engine, sm2: verifier.engine, sm2Signing: sm2.engine },
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
export const guomiSuite: BatchSuite = /* @__PURE__ */ createGuomiSuite({
  sm3: portableSm3,
  sm2: portableSm2,
})
