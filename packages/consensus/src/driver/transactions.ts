/**
 * Transactions that a proposal names and the pool does not know (spec 04 §6.6): asking, answering, filling in.
 * @module
 */
import type { Block, HashText, Transaction } from '@bcos-ts/protocol'
import { decodeTransaction } from '@bcos-ts/protocol'
import type { CryptoSuite, TxPool } from '@bcos-ts/protocol/ports'
import type {
  MissingTransaction,
  Proposal,
  TransactionsAnswer,
  TransactionsRequest,
} from '../pbft/messages.ts'
import type { CompleteProposal } from '../pbft/proposal.ts'
import type { PbftState } from '../pbft/state.ts'

export interface TransactionsNeeds {
  readonly pool: Pick<TxPool, 'get'>
  readonly suite: CryptoSuite
}

/** What the pool does not know of a proposal, or the whole proposal when it knows everything. */
export function lookUp(
  proposal: Proposal,
  pool: TransactionsNeeds['pool'],
): {
  readonly missing: readonly MissingTransaction[]
  readonly whole: CompleteProposal | undefined
} {
  const transactions: Transaction[] = []
  const missing: MissingTransaction[] = []
  for (const [position, hash] of proposal.transactionHashes.entries()) {
    const transaction = pool.get(hash)
    if (transaction === undefined) missing.push({ hash, position })
    else transactions.push(transaction)
  }
  return { missing, whole: missing.length === 0 ? withBlock(proposal, transactions) : undefined }
}

function withBlock(proposal: Proposal, transactions: readonly Transaction[]): CompleteProposal {
  const block: Block = { header: proposal.header, transactions, receipts: [], signatures: [] }
  return { ...proposal, block }
}

/**
 * Puts an answer's transactions where they belong. `undefined` when they are not what was asked for, or a
 * signature among them is bad. Throws a typed error for bytes that are no transaction.
 */
export function fillIn(
  proposal: Proposal,
  answer: TransactionsAnswer,
  needs: TransactionsNeeds,
): CompleteProposal | undefined {
  const received = new Map<HashText, Transaction>()
  const wanted = new Set(lookUp(proposal, needs.pool).missing.map(({ hash }) => hash))
  for (const raw of answer.transactions) {
    const transaction = decodeTransaction(raw, needs.suite)
    // Only what was asked for is worth a signature check.
    if (!wanted.has(transaction.hashText)) return undefined
    if (transaction.sender(needs.suite) === undefined) return undefined
    received.set(transaction.hashText, transaction)
  }
  const transactions: Transaction[] = []
  for (const hash of proposal.transactionHashes) {
    const transaction = needs.pool.get(hash) ?? received.get(hash)
    if (transaction === undefined) return undefined
    transactions.push(transaction)
  }
  return withBlock(proposal, transactions)
}

/** The answer to a peer, when we hold the whole proposal and the request fits it. */
export function answerRequest(
  state: PbftState,
  request: TransactionsRequest,
): TransactionsAnswer | undefined {
  const held = [state.round?.proposal, state.lock?.proposal]
  const proposal = held.find((one) => one?.hash === request.hash && one.block !== undefined)
  if (proposal?.block === undefined || proposal.header.number !== request.height) return undefined
  const transactions: Uint8Array[] = []
  for (const { hash, position } of request.missing) {
    if (proposal.transactionHashes[position] !== hash) return undefined
    const transaction = proposal.block.transactions[position]
    if (transaction === undefined) return undefined
    transactions.push(transaction.raw)
  }
  return { height: request.height, hash: request.hash, transactions }
}
