/**
 * Transactions that a proposal names and the pool does not know (spec 04 §6.6): asking, answering, filling in.
 * @module
 */
import type { Block, HashText, NodeId, Transaction } from '@bcos-ts/protocol'
import { decodeTransaction } from '@bcos-ts/protocol'
import type { CryptoSuite, Synchronizer, TxPool } from '@bcos-ts/protocol/ports'
import type {
  MissingTransaction,
  Proposal,
  TransactionsAnswer,
  TransactionsRequest,
} from '../pbft/messages.ts'
import type { CompleteProposal } from '../pbft/proposal.ts'
import type { PbftState } from '../pbft/state.ts'

export interface TransactionsNeeds {
  readonly pool: Pick<TxPool, 'get' | 'import'>
  readonly sync: Pick<Synchronizer, 'hasten'>
  readonly suite: CryptoSuite
}

interface Found {
  readonly missing: readonly MissingTransaction[]
  readonly whole: CompleteProposal | undefined
}

/** What the node does not have of a proposal, or the whole proposal when it has everything. */
export function lookUp(
  proposal: Proposal,
  { pool, sync }: Pick<TransactionsNeeds, 'pool' | 'sync'>,
): Found {
  const found = lookInPool(proposal, pool)
  if (found.whole !== undefined) return found
  sync.hasten(found.missing.map(({ hash }) => hash))
  return lookInPool(proposal, pool)
}

export function lookInPool(proposal: Proposal, pool: Pick<TxPool, 'get'>): Found {
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
 * Puts an answer's transactions where they belong, and into the pool: gossip need not check them once more.
 * `undefined` when they are not what was asked for, or a signature among them is bad. Throws a typed error for
 * bytes that are no transaction.
 */
export function fillIn(
  proposal: Proposal,
  {
    transactions: raws,
    from,
  }: { readonly transactions: readonly Uint8Array[]; readonly from: NodeId },
  { pool, suite }: Pick<TransactionsNeeds, 'pool' | 'suite'>,
): CompleteProposal | undefined {
  const received = new Map<HashText, Transaction>()
  const wanted = new Set(lookInPool(proposal, pool).missing.map(({ hash }) => hash))
  for (const raw of raws) {
    const transaction = decodeTransaction(raw, suite)
    // Only what was asked for is worth a signature check.
    if (!wanted.has(transaction.hashText)) return undefined
    if (!isSignedWell(transaction, suite)) return undefined
    received.set(transaction.hashText, transaction)
  }
  const transactions: Transaction[] = []
  for (const hash of proposal.transactionHashes) {
    const transaction = pool.get(hash) ?? received.get(hash)
    if (transaction === undefined) return undefined
    transactions.push(transaction)
  }
  for (const transaction of received.values()) pool.import(transaction, from)
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

/** What the pool asks of a signature too: what it refuses can be in no block of ours. */
export function isSignedWell(transaction: Transaction, suite: CryptoSuite): boolean {
  return transaction.isWellFormed(suite) && transaction.sender(suite) !== undefined
}
