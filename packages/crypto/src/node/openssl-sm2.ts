import {
  createECDH,
  createSign,
  createVerify,
  getCurves,
  getHashes,
  type KeyObject,
} from 'node:crypto'
import { bytesToText, concatBytes, fromHex, LruMap } from '@bcos-ts/common'
import { signatureFromDer, signatureToDer } from '../der/signature.ts'
import { InvalidKeyError } from '../errors.ts'
import {
  assertSm2SecretKey,
  SM2_SIGNATURE_BYTES,
  type Sm2Engine,
  type Sm2KeyPair,
  sm2Z,
} from '../sm2.ts'
import { privateKeyObject, publicKeyObject } from './key-object.ts'

/** A key object costs 140 µs to build; a chain sees the same signers again and again. */
const PUBLIC_KEYS_KEPT = 2048

const SPKI_HEAD = fromHex('3059301306072a8648ce3d020106082a811ccf5501822d03420004')
const PKCS8_HEAD = fromHex(
  '308187020100301306072a8648ce3d020106082a811ccf5501822d046d306b0201010420',
)
const PKCS8_MIDDLE = fromHex('a14403420004')

/** A key in OpenSSL's form, and the hash of its owner's identity. */
interface Prepared {
  readonly key: KeyObject
  readonly z: Uint8Array
}

function preparePublic(publicKey: Uint8Array): Prepared | undefined {
  if (publicKey.length !== 64) return undefined
  try {
    return { key: publicKeyObject(concatBytes(SPKI_HEAD, publicKey)), z: sm2Z(publicKey) }
  } catch {
    // Not a point of the curve.
    return undefined
  }
}

/** Imported from PKCS#8: the object that OpenSSL generates itself would make ECDSA signatures. */
function prepareSecret(keys: Sm2KeyPair): Prepared {
  assertSm2SecretKey(keys.secretKey)
  const der = concatBytes(PKCS8_HEAD, keys.secretKey, PKCS8_MIDDLE, keys.publicKey)
  try {
    return { key: privateKeyObject(der), z: sm2Z(keys.publicKey) }
  } catch {
    throw new InvalidKeyError('SM2', 'the public key is not a point of the curve')
  }
}

/**
 * SM2 by the OpenSSL that Node carries; `undefined` where it was built without.
 *
 * Z goes in front of the message by hand: the one-shot functions of `node:crypto` use an empty user id.
 */
export function opensslSm2(): Sm2Engine | undefined {
  if (!getCurves().includes('SM2') || !getHashes().includes('sm3')) return undefined
  const signers = new WeakMap<Sm2KeyPair, Prepared>()
  const verifiers = new LruMap<string, Prepared>(PUBLIC_KEYS_KEPT)

  function signerOf(keys: Sm2KeyPair): Prepared {
    const kept = signers.get(keys)
    if (kept !== undefined) return kept
    const prepared = prepareSecret(keys)
    signers.set(keys, prepared)
    return prepared
  }

  function verifierOf(publicKey: Uint8Array): Prepared | undefined {
    const name = bytesToText(publicKey)
    const kept = verifiers.get(name)
    if (kept !== undefined) return kept
    const prepared = preparePublic(publicKey)
    if (prepared !== undefined) verifiers.set(name, prepared)
    return prepared
  }

  return {
    engine: 'node:crypto',
    publicKey(secretKey) {
      assertSm2SecretKey(secretKey)
      const ecdh = createECDH('SM2')
      ecdh.setPrivateKey(secretKey)
      return new Uint8Array(ecdh.getPublicKey().subarray(1))
    },
    sign(message, keys) {
      const { key, z } = signerOf(keys)
      const der = createSign('sm3').update(z).update(message).sign(key)
      const signature = signatureFromDer(der)
      if (signature === undefined) throw new InvalidKeyError('SM2', 'OpenSSL refused to sign')
      return signature
    },
    verify(signature, message, publicKey) {
      if (signature.length !== SM2_SIGNATURE_BYTES) return false
      const verifier = verifierOf(publicKey)
      if (verifier === undefined) return false
      const der = signatureToDer(signature)
      return createVerify('sm3').update(verifier.z).update(message).verify(verifier.key, der)
    },
  }
}
