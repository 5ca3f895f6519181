/**
 * Keys on secp256k1 and SM2 in DER: PKCS#8 (RFC 5958), SEC1 (RFC 5915) and SubjectPublicKeyInfo (RFC 5480).
 * @module
 */
import { concatBytes, equalBytes } from '@bcos-ts/common'
import { assertPublicKey, type Curve, curveOfOid, curveOid, publicKeyOf } from '../curve.ts'
import { OID } from '../der/oid.ts'
import { DerReader } from '../der/read.ts'
import { TAG } from '../der/tag.ts'
import * as der from '../der/write.ts'
import { InvalidKeyError, UnsupportedError } from '../errors.ts'

/** A key pair and the curve it lies on: `secretKey` 32 bytes, `publicKey` X || Y. */
export interface EcKeyPair {
  readonly curve: Curve
  readonly secretKey: Uint8Array
  readonly publicKey: Uint8Array
}

export interface EcPublicKey {
  readonly curve: Curve
  /** X || Y, 64 bytes. */
  readonly publicKey: Uint8Array
}

const UNCOMPRESSED: Uint8Array = /* @__PURE__ */ Uint8Array.of(4)

/** The key pair of a secret key. Throws `CRYPTO_INVALID_KEY`. */
export function ecKeyPair(curve: Curve, secretKey: Uint8Array): EcKeyPair {
  return { curve, secretKey, publicKey: publicKeyOf(curve, secretKey) }
}

function algorithmOf(curve: Curve): Uint8Array {
  return der.algorithm(OID.ecPublicKey, der.oid(curveOid(curve)))
}

function pointBits(publicKey: Uint8Array): Uint8Array {
  return der.bitString(concatBytes(UNCOMPRESSED, publicKey))
}

/** Reads AlgorithmIdentifier of a key. */
function readAlgorithm(reader: DerReader): Curve {
  const algorithm = reader.sequence()
  const name = algorithm.oid()
  if (name !== OID.ecPublicKey) throw new UnsupportedError('the key algorithm', name)
  if (algorithm.nextTag !== TAG.oid) throw new UnsupportedError('the curve', 'given by parameters')
  const curve = readCurve(algorithm)
  algorithm.end()
  return curve
}

function readCurve(reader: DerReader): Curve {
  const oid = reader.oid()
  const curve = curveOfOid(oid)
  if (curve === undefined) throw new UnsupportedError('the curve', oid)
  return curve
}

function readPoint(curve: Curve, bytes: Uint8Array): Uint8Array {
  if (bytes.length !== 65 || bytes[0] !== 4) {
    throw new InvalidKeyError(curve, 'the public key is not an uncompressed point')
  }
  const publicKey = bytes.slice(1)
  assertPublicKey(curve, publicKey)
  return publicKey
}

/** SubjectPublicKeyInfo. */
export function encodeSpki(key: EcPublicKey): Uint8Array {
  return der.sequence(algorithmOf(key.curve), pointBits(key.publicKey))
}

/** Reads SubjectPublicKeyInfo. Throws `CRYPTO_INVALID_DER`, `CRYPTO_INVALID_KEY` or `CRYPTO_UNSUPPORTED`. */
export function decodeSpki(bytes: Uint8Array): EcPublicKey {
  const file = new DerReader(bytes, 'public key')
  const spki = file.sequence()
  file.end()
  const curve = readAlgorithm(spki)
  const publicKey = readPoint(curve, spki.bytesOfBits())
  spki.end()
  return { curve, publicKey }
}

/** ECPrivateKey of SEC 1, with the curve inside unless what is around names it. */
export function encodeSec1(key: EcKeyPair, withCurve: boolean = true): Uint8Array {
  const curve = withCurve ? [der.explicit(0, der.oid(curveOid(key.curve)))] : []
  const point = der.explicit(1, pointBits(key.publicKey))
  return der.sequence(der.integer(1), der.octetString(key.secretKey), ...curve, point)
}

/** Reads ECPrivateKey of SEC 1. `outer` is the curve that PKCS#8 names around it. */
export function decodeSec1(bytes: Uint8Array, outer?: Curve): EcKeyPair {
  const file = new DerReader(bytes, 'EC private key')
  const body: DerReader = file.sequence()
  file.end()
  if (body.count() !== 1) body.fail('unknown version')
  const scalar = body.octets()
  const parameters = body.optional(0)
  const inner = parameters === undefined ? undefined : readCurve(parameters)
  const curve = inner ?? outer
  if (curve === undefined) body.fail('the curve is not named')
  if (outer !== undefined && curve !== outer) body.fail('two different curves are named')
  if (scalar.length > 32) throw new InvalidKeyError(curve, 'the secret key has more than 32 bytes')
  const secretKey = new Uint8Array(32)
  secretKey.set(scalar, 32 - scalar.length)
  const keys = ecKeyPair(curve, secretKey)
  const point = body.optional(1)
  body.end()
  if (point !== undefined && !equalBytes(readPoint(curve, point.bytesOfBits()), keys.publicKey)) {
    throw new InvalidKeyError(curve, 'the public key does not belong to the secret key')
  }
  return keys
}

/** PrivateKeyInfo of PKCS#8, not encrypted. */
export function encodePkcs8(key: EcKeyPair): Uint8Array {
  const inner = der.octetString(encodeSec1(key, false))
  return der.sequence(der.integer(0), algorithmOf(key.curve), inner)
}

/** Reads PrivateKeyInfo of PKCS#8. Throws `CRYPTO_INVALID_DER`, `CRYPTO_INVALID_KEY` or `CRYPTO_UNSUPPORTED`. */
export function decodePkcs8(bytes: Uint8Array): EcKeyPair {
  const file = new DerReader(bytes, 'PKCS#8 private key')
  const body: DerReader = file.sequence()
  file.end()
  if (body.count() > 1) body.fail('unknown version')
  const curve = readAlgorithm(body)
  // Attributes and a second public key may follow; neither is of use.
  return decodeSec1(body.octets(), curve)
}
