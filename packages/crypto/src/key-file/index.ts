/**
 * Files that hold keys: PEM and PKCS#12 accounts of 2.x, for both curves, without OpenSSL.
 *
 * @example
 * ```ts
 * import { decodePkcs12, privateKeyFromPem, privateKeyToPem } from '@bcos-ts/crypto/key-file'
 *
 * const account = decodePkcs12(bytesOfFile, 'password').key
 * const pem = privateKeyToPem(account)
 * privateKeyFromPem(pem).publicKey // X || Y
 * ```
 * @module
 */
export { type Curve, curveOf } from '../curve.ts'
export {
  decodePkcs8,
  decodeSec1,
  decodeSpki,
  type EcKeyPair,
  ecKeyPair,
  type EcPublicKey,
  encodePkcs8,
  encodeSec1,
  encodeSpki,
} from './ec-key.ts'
export {
  privateKeyFromPem,
  privateKeyToPem,
  privateKeyToSec1Pem,
  publicKeyFromPem,
  publicKeyToPem,
} from './pem-key.ts'
export { generateAccountKey, generateNodeKey, isNodeKey } from './generate.ts'
export { decodePkcs12, encodePkcs12, type Pkcs12Entry, type Pkcs12Options } from './pkcs12.ts'
