import { verifyOneByOne } from './many.ts'
import { ECDSA_SIGNATURE_BYTES, type EcdsaBatchVerifier } from './secp256k1.ts'
import { assertBatch, type SignedBatch } from './signature-batch.ts'
import type { CryptoSuite } from './suite.ts'

/** From so many on it is cheaper to judge signatures together, also those of a few signers that are known. */
const PAYS_FROM = 12

/** The signatures of a batch from `from` to before `to`. */
function partOf(batch: SignedBatch, from: number, to: number): SignedBatch {
  return {
    count: to - from,
    digests: batch.digests.subarray(32 * from, 32 * to),
    signatures: batch.signatures.subarray(ECDSA_SIGNATURE_BYTES * from, ECDSA_SIGNATURE_BYTES * to),
    publicKeys: batch.publicKeys.subarray(64 * from, 64 * to),
  }
}

/**
 * `verify` of every signature, as many together as the engine takes. Where one of these is bad, `verify` says which; what can
 * be told without it spoils nothing for the others.
 */
export function verifyTogether(
  batch: SignedBatch,
  engine: EcdsaBatchVerifier,
  verify: CryptoSuite['verify'],
): Uint8Array {
  const { count } = batch
  if (count < PAYS_FROM) return verifyOneByOne(batch, ECDSA_SIGNATURE_BYTES, verify)
  assertBatch(batch, ECDSA_SIGNATURE_BYTES)
  const valid = new Uint8Array(count)
  // Parts of one size: a small one at the end would cost more a signature.
  const size = Math.ceil(count / Math.ceil(count / engine.together))
  for (let from = 0; from < count; from += size) {
    const part = partOf(batch, from, Math.min(from + size, count))
    const answers = valid.subarray(from, from + part.count)
    if (engine.verifyTogether(part, answers)) continue
    for (const [i, isPossible] of answers.entries()) {
      if (isPossible === 0) continue
      const { digests, signatures, publicKeys } = partOf(part, i, i + 1)
      answers[i] = verify(signatures, digests, publicKeys) ? 1 : 0
    }
  }
  return valid
}
