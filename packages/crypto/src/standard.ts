import { equalBytes } from '@bcos-ts/common'
import { addressOf } from './address.ts'
import type { HashEngine } from './hash.ts'
import { keccak256 } from './keccak256.ts'
import { hashMany, type KeysOf, recoverOneByOne, signersOf, verifyOneByOne } from './many.ts'
import {
  ECDSA_SIGNATURE_BYTES,
  type EcdsaBatchVerifier,
  type EcdsaEngine,
  type EcdsaKnownSigners,
  type EcdsaVerifier,
  isValidEcdsaSignature,
  portableEcdsa,
} from './secp256k1.ts'
import type { BatchSuite, CryptoSuite } from './suite.ts'
import { verifyTogether } from './together.ts'

export interface StandardEngines {
  readonly keccak256: HashEngine
  /** Signs, and recovers unless there is a `verifier`. */
  readonly ecdsa: EcdsaEngine
  readonly verifier?: EcdsaVerifier
  readonly knownSigners?: EcdsaKnownSigners
  readonly batches?: EcdsaBatchVerifier
}

/** By recovery (spec 01 §3.3), so that ids 2 and 3 and high s count as they do there, or as if by recovery. */
function verifyWith(
  { recover }: Pick<CryptoSuite, 'recover'>,
  known: EcdsaKnownSigners | undefined,
): CryptoSuite['verify'] {
  return (signature, digest, publicKey) => {
    const answer = known?.verifyKnown(signature, digest, publicKey)
    if (answer !== undefined) return answer
    const signer = recover(signature, digest)
    if (signer === undefined || !equalBytes(signer, publicKey)) return false
    known?.noteSigner(publicKey)
    return true
  }
}

/** The standard suite, keccak256 and ECDSA on secp256k1, on the engines given. */
export function createStandardSuite(engines: StandardEngines): BatchSuite {
  const { hash } = engines.keccak256
  const { ecdsa, verifier = ecdsa, knownSigners, batches } = engines
  const recover: CryptoSuite['recover'] = (signature, digest) => verifier.recover(signature, digest)
  const verify = verifyWith({ recover }, knownSigners)
  const keysOf: KeysOf =
    verifier.recoverMany?.bind(verifier) ?? recoverOneByOne(ECDSA_SIGNATURE_BYTES, recover)
  const signatureBytes = ECDSA_SIGNATURE_BYTES
  const search = { signatureBytes, hash: engines.keccak256, keysOf }
  return {
    name: 'standard',
    signatureBytes,
    hash,
    keyPair: (secretKey) => ({ secretKey, publicKey: ecdsa.publicKey(secretKey) }),
    sign: (digest, keys) => ecdsa.sign(digest, keys.secretKey),
    verify,
    recover,
    isWellFormed: isValidEcdsaSignature,
    address: (publicKey) => addressOf(hash, publicKey),
    hashMany: (messages, lengths) => hashMany(engines.keccak256, messages, lengths),
    recoverMany: (batch, into) => signersOf(batch, search, into),
    verifyMany: (batch) =>
      batches === undefined
        ? verifyOneByOne(batch, signatureBytes, verify)
        : verifyTogether(batch, batches, verify),
    engines: {
      keccak256: engines.keccak256.engine,
      secp256k1: verifier.engine,
      ...(knownSigners && { secp256k1KnownSigners: knownSigners.engine }),
      ...(batches && { secp256k1Batches: batches.engine }),
      secp256k1Signing: ecdsa.engine,
    },
  }
}

export const portableKeccak256: HashEngine = { engine: '@noble/hashes', hash: (m) => keccak256(m) }

/** The standard suite in portable code. */
export const standardSuite: BatchSuite = /* @__PURE__ */ createStandardSuite({
  keccak256: portableKeccak256,
  ecdsa: portableEcdsa,
})
