import type { SignatureBatches } from '@bcos-ts/crypto'
import type { Transaction } from './transaction.ts'

const DIGEST_BYTES = 32

/** Finds the senders of transactions that have none yet, on as many cores as there are. */
export async function recoverSenders(
  transactions: readonly Transaction[],
  batches: SignatureBatches,
): Promise<void> {
  const open = transactions.filter(({ isSenderKnown }) => !isSenderKnown)
  const [first] = open
  if (first === undefined) return
  const signatureBytes = first.signature.length
  const digests = new Uint8Array(DIGEST_BYTES * open.length)
  const signatures = new Uint8Array(signatureBytes * open.length)
  for (const [i, transaction] of open.entries()) {
    digests.set(transaction.signingHash, DIGEST_BYTES * i)
    signatures.set(transaction.signature, signatureBytes * i)
  }
  const signers = await batches.recover({ count: open.length, digests, signatures })
  for (const [i, transaction] of open.entries()) transaction.adoptSender(signers, i)
}
