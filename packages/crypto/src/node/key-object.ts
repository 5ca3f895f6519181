import { Buffer } from 'node:buffer'
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'

/** The same memory as a Buffer, which is what the declarations of `node:crypto` ask for. */
function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
}

/** Throws what OpenSSL throws when the bytes are not a SubjectPublicKeyInfo. */
export function publicKeyObject(spki: Uint8Array): KeyObject {
  return createPublicKey({ key: asBuffer(spki), format: 'der', type: 'spki' })
}

/** Throws what OpenSSL throws when the bytes are not a PKCS#8 key. */
export function privateKeyObject(pkcs8: Uint8Array): KeyObject {
  return createPrivateKey({ key: asBuffer(pkcs8), format: 'der', type: 'pkcs8' })
}
