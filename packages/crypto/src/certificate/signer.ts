/**
 * Signatures on certificates: ecdsa-with-SHA256 on secp256k1 (RFC 5758 §3.2) and SM2 with SM3 (GM/T 0015-2012).
 * @module
 */
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { OID } from '../der/oid.ts'
import { signatureFromDer, signatureToDer } from '../der/signature.ts'
import * as der from '../der/write.ts'
import { sha256 } from '../hash.ts'
import { type EcKeyPair, encodeSpki } from '../key-file/ec-key.ts'
import { portableEcdsa } from '../secp256k1.ts'
import { portableSm2 } from '../sm2.ts'
import type { CertificateKey } from './certificate.ts'

/** Signs certificates: the key of an authority. RSA keys come from `@bcos-ts/crypto/node`. */
export interface CertificateSigner {
  /** AlgorithmIdentifier of the signatures. */
  readonly algorithm: Uint8Array
  /** SubjectPublicKeyInfo of the key. */
  readonly publicKeyInfo: Uint8Array
  sign(tbs: Uint8Array): Uint8Array
}

/** Checks the signatures of one algorithm. */
export interface CertificateVerifier {
  /** Object identifier of the signature algorithm. */
  readonly algorithm: string
  /** `issuer` is the key of whoever should have signed, `issuerInfo` the same as SubjectPublicKeyInfo. */
  verify(signed: SignedBytes, issuer: CertificateKey, issuerInfo: Uint8Array): boolean
}

export interface SignedBytes {
  readonly tbs: Uint8Array
  readonly signature: Uint8Array
}

/** Signs with an EC key: SHA-256 and ECDSA on secp256k1, SM3 and SM2 on SM2. */
export function ecSigner(keys: EcKeyPair): CertificateSigner {
  const publicKeyInfo = encodeSpki(keys)
  if (keys.curve === 'sm2') {
    return {
      algorithm: der.algorithm(OID.sm2WithSm3),
      publicKeyInfo,
      sign: (tbs) => signatureToDer(portableSm2.sign(tbs, keys)),
    }
  }
  return {
    algorithm: der.algorithm(OID.ecdsaWithSha256),
    publicKeyInfo,
    sign: (tbs) => signatureToDer(portableEcdsa.sign(sha256(tbs), keys.secretKey).subarray(0, 64)),
  }
}

const ecdsaVerifier: CertificateVerifier = {
  algorithm: OID.ecdsaWithSha256,
  verify({ tbs, signature }, issuer) {
    const rs = signatureFromDer(signature)
    if (rs === undefined || issuer.kind !== 'ec' || issuer.curve !== 'secp256k1') return false
    const point = Uint8Array.of(4, ...issuer.publicKey)
    // OpenSSL does not bother about the half of s; neither may we.
    return secp256k1.verify(rs, sha256(tbs), point, { prehash: false, lowS: false })
  },
}

const sm2Verifier: CertificateVerifier = {
  algorithm: OID.sm2WithSm3,
  verify({ tbs, signature }, issuer) {
    const rs = signatureFromDer(signature)
    if (rs === undefined || issuer.kind !== 'ec' || issuer.curve !== 'sm2') return false
    return portableSm2.verify(rs, tbs, issuer.publicKey)
  },
}

/** The algorithms of EC chains, in portable code. */
export const ecVerifiers: readonly CertificateVerifier[] = [ecdsaVerifier, sm2Verifier]
