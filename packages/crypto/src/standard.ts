import { equalBytes } from '@bcos-ts/common'
import { addressOf } from './address.ts'
import type { HashEngine } from './hash.ts'
import { keccak256 } from './keccak256.ts'
import { ECDSA_SIGNATURE_BYTES, type EcdsaEngine, portableEcdsa } from './secp256k1.ts'
import type { CryptoSuite } from './suite.ts'

export interface StandardEngines {
  readonly keccak256: HashEngine
  readonly ecdsa: EcdsaEngine
}

/** The standard suite, keccak256 and ECDSA on secp256k1, on the engines given. */
export function createStandardSuite(engines: StandardEngines): CryptoSuite {
  const { hash } = engines.keccak256
  const { ecdsa } = engines
  return {
    name: 'standard',
    signatureBytes: ECDSA_SIGNATURE_BYTES,
    hash,
    keyPair: (secretKey) => ({ secretKey, publicKey: ecdsa.publicKey(secretKey) }),
    sign: (digest, keys) => ecdsa.sign(digest, keys.secretKey),
    verify(signature, digest, publicKey) {
      // Verification is by recovery (spec 01 §3.3): ids 2 and 3 and high s count as they do there.
      const signer = ecdsa.recover(signature, digest)
      return signer !== undefined && equalBytes(signer, publicKey)
    },
    recover: (signature, digest) => ecdsa.recover(signature, digest),
    address: (publicKey) => addressOf(hash, publicKey),
    engines: { keccak256: engines.keccak256.engine, secp256k1: ecdsa.engine },
  }
}

export const portableKeccak256: HashEngine = { engine: '@noble/hashes', hash: (m) => keccak256(m) }

/** The standard suite in portable code. */
export const standardSuite: CryptoSuite = /* @__PURE__ */ createStandardSuite({
  keccak256: portableKeccak256,
  ecdsa: portableEcdsa,
})
