import { equalBytes, InvariantViolation, isBcosError, messageOf, toHex } from '@bcos-ts/common'
import {
  type Block,
  type CryptoSuite,
  type DecodedBlock,
  type HashText,
  InvalidBlockError,
  merkleRoot,
  recoverSenders,
  type SignatureBatches,
  TX_COUNT_LIMIT_DEFAULT,
} from '@bcos-ts/protocol'
import type {
  BlockExecutor,
  BlockStore,
  ConsensusEngine,
  ExecutedBlock,
  SyncedBlockEvidence,
} from '@bcos-ts/protocol/ports'
import type { BlockCommitter, CommitBlock } from '../../committer.ts'
import type { ImportOutcome, Knowledge } from './state.ts'
import { readSyncedBlock, successorOf } from './synced-block.ts'

export interface ImportComponents {
  readonly suite: CryptoSuite
  readonly chain: Pick<BlockStore, 'height' | 'headHash' | 'systemConfig'>
  readonly executor: Pick<BlockExecutor, 'execute'>
  readonly committer: Pick<BlockCommitter, 'exclusively'>
  readonly consensus: Pick<ConsensusEngine, 'checkSyncedBlock'>
  /** Checks signatures on other cores; without it, execution checks them. */
  readonly signatures?: SignatureBatches | undefined
}

/** A peer's block that a quorum has signed, and what execution made of it here. */
export interface DifferingBlock {
  readonly bytes: Uint8Array
  readonly block: Block
  readonly hash: Uint8Array
  readonly own: ExecutedBlock
}

export interface ImportRules {
  /** Blocks that have given another result here before: they are not executed again. */
  readonly differing: readonly HashText[]
  /** Called before anything else can be committed. */
  readonly onDifference: (found: DifferingBlock) => void
  readonly knowledge: Knowledge
  /** The block may be added although it is not certain that it was committed. */
  readonly isOverdue: boolean
}

const refused = (reason: string): ImportOutcome => ({ type: 'refused', reason })
const failed = (reason: string): ImportOutcome => ({ type: 'failed', reason })

/**
 * Adds a block of a peer to the chain, after every check that can be made (spec 04 §4.7): its own hash, the
 * root of its transactions, its parent, its seal, and that execution gives the very same header.
 */
export async function importBlock(
  bytes: Uint8Array,
  components: ImportComponents,
  rules: ImportRules,
): Promise<ImportOutcome> {
  const { suite, chain, committer, signatures } = components
  let decoded: DecodedBlock
  try {
    decoded = readOnce(bytes, { suite, transactionsMax: transactionsMax(chain) })
  } catch (error) {
    if (!isBcosError(error)) throw error
    return refused(messageOf(error))
  }
  const { transactions } = decoded.block
  const hashText = toHex(decoded.hash)
  if (rules.differing.includes(hashText)) {
    return { type: 'differs', hash: hashText, reason: 'as before' }
  }
  if (signatures?.isSharing === true) await recoverSenders(transactions, signatures)
  const { isOverdue, knowledge } = rules
  return committer.exclusively((commit) =>
    addToChain(decoded, components, {
      commit,
      isOverdue,
      evidence: evidenceOf(knowledge, suite),
      onDifference: (own) => rules.onDifference({ bytes, ...decoded, own }),
    }),
  )
}

/** Blocks whose bytes wait: one that is undecided comes more than once. */
const read = new WeakMap<Uint8Array, DecodedBlock>()

/** Throws what `readSyncedBlock` throws, and `PROTOCOL_INVALID_BLOCK` for another root of transactions. */
function readOnce(
  bytes: Uint8Array,
  terms: { readonly suite: CryptoSuite; readonly transactionsMax: number },
): DecodedBlock {
  const known = read.get(bytes)
  if (known !== undefined) return known
  const decoded = readSyncedBlock(bytes, terms)
  const { header, transactions } = decoded.block
  const hashes = transactions.map(({ hash }) => hash)
  if (!equalBytes(merkleRoot(hashes, terms.suite), header.transactionsRoot)) {
    throw new InvalidBlockError('transactionsRoot', 'it is not that of its transactions')
  }
  read.set(bytes, decoded)
  return decoded
}

function evidenceOf(
  { claims, next, proof }: Knowledge,
  suite: Pick<CryptoSuite, 'hash'>,
): SyncedBlockEvidence {
  return { claims, proof, next: next && successorOf(next.bytes, suite) }
}

function transactionsMax(chain: Pick<BlockStore, 'systemConfig'>): number {
  return Number(chain.systemConfig('tx_count_limit')?.value ?? TX_COUNT_LIMIT_DEFAULT)
}

async function addToChain(
  { block, hash }: DecodedBlock,
  components: ImportComponents,
  rules: {
    readonly commit: CommitBlock
    readonly evidence: SyncedBlockEvidence
    readonly isOverdue: boolean
    readonly onDifference: (own: ExecutedBlock) => void
  },
): Promise<ImportOutcome> {
  const { chain, consensus } = components
  const { header } = block
  if (header.number !== chain.height() + 1) return { type: 'stale' }
  if (!equalBytes(header.parentHash, chain.headHash()))
    return refused('its parent is another block')
  try {
    const verdict = consensus.checkSyncedBlock(block, hash, rules.evidence)
    if (verdict.refusal !== undefined) return refused(verdict.refusal)
    if (!verdict.isDecided && !rules.isOverdue) return { type: 'undecided' }
    const executed = components.executor.execute(block)
    if (!equalBytes(executed.hash, hash)) {
      rules.onDifference(executed)
      const reason = differenceOf(executed, { block, hash })
      return { type: 'differs', hash: toHex(hash), reason }
    }
    await rules.commit(executed, verdict.signatures, verdict.proof)
    return { type: 'committed' }
  } catch (error) {
    if (error instanceof InvariantViolation) throw error
    return failed(messageOf(error))
  }
}

function differenceOf(executed: ExecutedBlock, { block, hash }: DecodedBlock): string {
  const { stateRoot, receiptsRoot } = executed.block.header
  const roots = [
    ...(equalBytes(stateRoot, block.header.stateRoot) ? [] : ['stateRoot']),
    ...(equalBytes(receiptsRoot, block.header.receiptsRoot) ? [] : ['receiptsRoot']),
  ]
  return (
    `execution gives the hash ${toHex(executed.hash)}, but the block is ${toHex(hash)}` +
    ` (different: ${roots.length === 0 ? 'other fields' : roots.join(', ')})`
  )
}
