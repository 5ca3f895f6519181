import type { CryptoSuite, SignatureBatch, SignatureBatches, SignedBatch } from '@bcos-ts/crypto'
import type { Transaction } from './transaction.ts'

const DIGEST_BYTES = 32
const PUBLIC_KEY_BYTES = 64
const ADDRESS_BYTES = 20

/** Finds the senders of transactions that have none yet, on as many cores as there are. */
export async function recoverSenders(
  transactions: readonly Transaction[],
  batches: SignatureBatches,
): Promise<void> {
  const open = transactions.filter(({ isSenderKnown }) => !isSenderKnown)
  if (open.length === 0) return
  const signers = await batches.recover(batchOf(open))
  for (const [i, transaction] of open.entries()) transaction.adoptSender(signers, i)
}

/** A transaction, and the public key that is said to have signed it: X || Y, 64 bytes. */
export interface SignerClaim {
  readonly transaction: Transaction
  readonly signer: Uint8Array
}

/** The claims as a batch: to check a signature for a known key is cheaper than to recover the key. */
export function batchOfClaims(claims: readonly SignerClaim[]): SignedBatch {
  const publicKeys = new Uint8Array(PUBLIC_KEY_BYTES * claims.length)
  for (const [i, { signer }] of claims.entries()) publicKeys.set(signer, PUBLIC_KEY_BYTES * i)
  return { ...batchOf(claims.map(({ transaction }) => transaction)), publicKeys }
}

/**
 * Gives transactions their senders where a claim is true: where `valid`, the verdict on {@link batchOfClaims}, is 1.
 * A false claim says nothing of its transaction, which is left as it was. Answers with the false claims.
 */
export function adoptClaims<T extends SignerClaim>(
  claims: readonly T[],
  { publicKeys, valid }: { readonly publicKeys: Uint8Array; readonly valid: Uint8Array },
  suite: CryptoSuite,
): readonly T[] {
  const addresses = addressesOf(publicKeys, suite)
  return claims.filter(({ transaction }, i) => {
    if (valid[i] !== 1) return true
    transaction.adoptSender({ valid, addresses }, i)
    return false
  })
}

/** Addresses of keys that stand one behind the other, hashed in one call where the suite can. */
function addressesOf(publicKeys: Uint8Array, suite: CryptoSuite): Uint8Array {
  const count = publicKeys.length / PUBLIC_KEY_BYTES
  const addresses = new Uint8Array(ADDRESS_BYTES * count)
  const lengths = new Uint32Array(count).fill(PUBLIC_KEY_BYTES)
  const digests = suite.hashMany?.(publicKeys, lengths)
  const addressOf = (i: number): Uint8Array =>
    digests?.subarray(DIGEST_BYTES * (i + 1) - ADDRESS_BYTES, DIGEST_BYTES * (i + 1)) ??
    suite.address(publicKeys.subarray(PUBLIC_KEY_BYTES * i, PUBLIC_KEY_BYTES * (i + 1)))
  for (let i = 0; i < count; i++) addresses.set(addressOf(i), ADDRESS_BYTES * i)
  return addresses
}

function batchOf(transactions: readonly Transaction[]): SignatureBatch {
  const signatureBytes = transactions[0]?.signature.length ?? 0
  const digests = new Uint8Array(DIGEST_BYTES * transactions.length)
  const signatures = new Uint8Array(signatureBytes * transactions.length)
  for (const [i, transaction] of transactions.entries()) {
    digests.set(transaction.signingHash, DIGEST_BYTES * i)
    signatures.set(transaction.signature, signatureBytes * i)
  }
  return { count: transactions.length, digests, signatures }
}
