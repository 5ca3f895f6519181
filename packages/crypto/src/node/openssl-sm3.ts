import { getHashes, hash } from 'node:crypto'
import type { HashEngine } from '../hash.ts'

function sm3(message: Uint8Array): Uint8Array {
  const digest = hash('sm3', message, 'buffer')
  return new Uint8Array(digest.buffer, digest.byteOffset, digest.length)
}

/** SM3 by the OpenSSL that Node carries; `undefined` where it was built without. */
export function opensslSm3(): HashEngine | undefined {
  return getHashes().includes('sm3') ? { engine: 'node:crypto', hash: sm3 } : undefined
}
