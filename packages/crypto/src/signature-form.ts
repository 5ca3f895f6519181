import { isValidGuomiSignature } from './guomi.ts'
import { isValidEcdsaSignature } from './secp256k1.ts'
import type { SuiteName } from './suite.ts'

/**
 * Whether a signature has the form a transaction's must have, before any curve arithmetic. Every transaction
 * that arrives from outside has to pass; blocks read back from storage are not asked (spec 01 §3.3, §3.4).
 */
export function isValidSignature(suite: SuiteName, signature: Uint8Array): boolean {
  return suite === 'standard' ? isValidEcdsaSignature(signature) : isValidGuomiSignature(signature)
}
