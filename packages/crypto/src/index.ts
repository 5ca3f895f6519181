/**
 * Cryptography of a BCOS chain: the two crypto suites in portable code, and the hashes beside them.
 *
 * Servers take the faster suites of `@bcos-ts/crypto/node`. Single algorithms, key files, certificates and the
 * VRF have paths of their own.
 *
 * @example
 * ```ts
 * import { standardSuite } from '@bcos-ts/crypto'
 *
 * const digest = standardSuite.hash(new TextEncoder().encode('hello'))
 * const keys = standardSuite.keyPair(secretKey)
 * const signature = standardSuite.sign(digest, keys)
 * standardSuite.recover(signature, digest) // keys.publicKey
 * ```
 * @module
 */
export type { BatchSuite, CryptoSuite, KeyPair, SuiteName } from './suite.ts'
export {
  type ManyAtOnce,
  roomForSigners,
  type SignatureBatch,
  type SignedBatch,
  type Signers,
} from './signature-batch.ts'
export {
  createStandardSuite,
  portableKeccak256,
  type StandardEngines,
  standardSuite,
} from './standard.ts'
export {
  createGuomiSuite,
  GUOMI_SIGNATURE_BYTES,
  type GuomiEngines,
  guomiSuite,
  isValidGuomiSignature,
  portableSm3,
} from './guomi.ts'
export {
  ECDSA_SIGNATURE_BYTES,
  type EcdsaBatchVerifier,
  type EcdsaEngine,
  type EcdsaKnownSigners,
  type EcdsaVerifier,
  isValidEcdsaSignature,
  portableEcdsa,
} from './secp256k1.ts'
export { portableSm2, type Sm2Engine, type Sm2Verifier } from './sm2.ts'
export { inlineSignatureBatches, type SignatureBatches } from './signature-batches.ts'
export { ADDRESS_BYTES, addressOf, nodeIdOf } from './address.ts'
export { type HashEngine, type HashFunction, ripemd160, sha256 } from './hash.ts'
export { keccak256 } from './keccak256.ts'
export { sm3 } from './sm3.ts'
export {
  CertificateChainError,
  type ChainFailure,
  CipherError,
  CryptoError,
  type CryptoErrorCode,
  InvalidDerError,
  InvalidDigestError,
  InvalidKeyError,
  InvalidPemError,
  UnsupportedError,
  WrongPasswordError,
} from './errors.ts'
export { cryptoErrorGuide } from './error-guide.ts'
