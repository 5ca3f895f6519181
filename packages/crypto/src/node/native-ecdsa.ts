import { createRequire } from 'node:module'
import {
  assertDigest,
  assertEcdsaSecretKey,
  ECDSA_SIGNATURE_BYTES,
  type EcdsaEngine,
} from '../secp256k1.ts'

/** The part of the native half of `secp256k1` that is used. All functions throw on bad input. */
interface Bindings {
  publicKeyCreate(secretKey: Uint8Array, compressed: boolean): Uint8Array
  ecdsaSign(
    digest: Uint8Array,
    secretKey: Uint8Array,
  ): { readonly signature: Uint8Array; readonly recid: number }
  ecdsaRecover(
    signature: Uint8Array,
    recoveryId: number,
    digest: Uint8Array,
    compressed: boolean,
    output: Uint8Array,
  ): Uint8Array
}

const require = createRequire(import.meta.url)

/** By this path and no other: the plain entry falls back in silence to JavaScript thirty times slower. */
function loadBindings(): Bindings | undefined {
  try {
    const bindings: Bindings = require('secp256k1/bindings')
    return bindings
  } catch {
    // No binary for this platform: the caller falls back, and the start-up log names what runs.
    return undefined
  }
}

/**
 * What goes into a recovery and comes out of it. Small arrays live on the heap of the engine; one that is given to
 * native code is moved to memory of its own first, which costs more than a copy.
 */
const memory = new Uint8Array(256)
const signatureIn = memory.subarray(0, 64)
const digestIn = memory.subarray(64, 96)
const publicKeyOut = memory.subarray(96, 161)

/** libsecp256k1 through its native binding; `undefined` where no binary was shipped for the platform. */
export function nativeEcdsa(): EcdsaEngine | undefined {
  const native = loadBindings()
  if (native === undefined) return undefined
  return {
    engine: 'secp256k1 (native)',
    publicKey(secretKey) {
      assertEcdsaSecretKey(secretKey)
      return native.publicKeyCreate(secretKey, false).slice(1)
    },
    sign(digest, secretKey) {
      assertDigest(digest)
      assertEcdsaSecretKey(secretKey)
      const { signature, recid } = native.ecdsaSign(digest, secretKey)
      const whole = new Uint8Array(ECDSA_SIGNATURE_BYTES)
      whole.set(signature)
      whole[64] = recid
      return whole
    },
    recover(signature, digest) {
      if (signature.length !== ECDSA_SIGNATURE_BYTES || digest.length !== 32) return undefined
      const v = signature[64] ?? 4
      if (v > 3) return undefined
      for (let i = 0; i < 64; i++) signatureIn[i] = signature[i] ?? 0
      digestIn.set(digest)
      try {
        native.ecdsaRecover(signatureIn, v, digestIn, false, publicKeyOut)
        return publicKeyOut.slice(1)
      } catch {
        return undefined
      }
    },
  }
}
