/**
 * Cryptography that two native contracts offer or need beside the chain's own suite. It is the same on every chain,
 * standard or guomi.
 * @module
 */
import { type ByteText, textToUtf8, utf8ToText } from '@bcos-ts/common'

/** All functions are total: bad input is `false` or `undefined`. */
export interface NativeCrypto {
  /** 32 bytes. */
  keccak256(message: Uint8Array): Uint8Array
  /** 32 bytes. */
  sm3(message: Uint8Array): Uint8Array
  /** Whether `r || s` (64 bytes) is the SM2 signature over the message by `x || y` (64 bytes). */
  verifySm2(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean
  /** The 32 random bytes that a good proof carries; `undefined` for any other claim (spec 03 §3.13). */
  verifyVrf(claim: VrfClaim): Uint8Array | undefined
}

/** The texts as they stand in a call: hexadecimal digits, and for the proof three numbers separated by `|`. */
export interface VrfClaim {
  readonly publicKey: string
  readonly input: string
  readonly proof: string
}

/** A claim out of call data. Its texts end at the first NUL; `undefined` when one is not UTF-8. */
export function claimOf(texts: {
  readonly publicKey: ByteText
  readonly input: ByteText
  readonly proof: ByteText
}): VrfClaim | undefined {
  const publicKey = ordinaryText(texts.publicKey)
  const input = ordinaryText(texts.input)
  const proof = ordinaryText(texts.proof)
  if (publicKey === undefined || input === undefined || proof === undefined) return undefined
  return { publicKey, input, proof }
}

function ordinaryText(bytes: ByteText): string | undefined {
  const [whole = ''] = bytes.split('\0', 1)
  const text = textToUtf8(whole)
  // A decoder replaces what is not UTF-8, and then the way back leads elsewhere.
  return utf8ToText(text) === whole ? text : undefined
}
