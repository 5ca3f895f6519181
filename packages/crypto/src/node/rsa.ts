import {
  createSign,
  createVerify,
  generateKeyPair,
  type KeyObject,
  createPublicKey,
} from 'node:crypto'
import { promisify } from 'node:util'
import type { CertificateSigner, CertificateVerifier } from '../certificate/signer.ts'
import { OID } from '../der/oid.ts'
import { decodePem } from '../der/pem.ts'
import * as der from '../der/write.ts'
import { InvalidKeyError } from '../errors.ts'
import { privateKeyObject, publicKeyObject } from './key-object.ts'

/** Size of the channel keys that the tools of 2.x make. */
const CHANNEL_KEY_BITS = 2048

/** An RSA key for channel certificates. */
export interface RsaKey {
  /** PEM `PRIVATE KEY`, PKCS#8. */
  readonly pem: string
  readonly signer: CertificateSigner
}

function keyOf(privateKey: KeyObject): RsaKey {
  const publicKeyInfo = createPublicKey(privateKey).export({ format: 'der', type: 'spki' })
  return {
    pem: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    signer: {
      algorithm: der.algorithm(OID.sha256WithRsa, der.nothing()),
      publicKeyInfo: new Uint8Array(publicKeyInfo),
      sign: (tbs) => new Uint8Array(createSign('sha256').update(tbs).sign(privateKey)),
    },
  }
}

/** A new RSA key of 2,048 bits; takes a moment. */
export async function generateRsaKey(): Promise<RsaKey> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', {
    modulusLength: CHANNEL_KEY_BITS,
  })
  return keyOf(privateKey)
}

/** The RSA key of a PEM text with PKCS#8. Throws `CRYPTO_INVALID_PEM` or `CRYPTO_INVALID_KEY`. */
export function rsaKeyFromPem(text: string): RsaKey {
  const key = importKey(decodePem(text)[0].der)
  if (key?.asymmetricKeyType !== 'rsa') {
    throw new InvalidKeyError('RSA', 'the PEM text holds no PKCS#8 key of that kind')
  }
  return keyOf(key)
}

function importKey(pkcs8: Uint8Array): KeyObject | undefined {
  try {
    return privateKeyObject(pkcs8)
  } catch {
    return undefined
  }
}

/** sha256WithRSAEncryption, for `verifyChain`. */
export const rsaVerifier: CertificateVerifier = {
  algorithm: OID.sha256WithRsa,
  verify({ tbs, signature }, issuer, issuerInfo) {
    if (issuer.kind !== 'rsa') return false
    try {
      return createVerify('sha256').update(tbs).verify(publicKeyObject(issuerInfo), signature)
    } catch {
      // A key that OpenSSL does not take, such as one with an even modulus.
      return false
    }
  },
}
