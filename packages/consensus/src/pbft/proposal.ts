/**
 * The block inside a prepare, whole or by transaction hashes (spec 04 §6.3, §6.6).
 * @module
 */
import { equalBytes, fromHex, messageOf, toHex } from '@bcos-ts/common'
import {
  type Block,
  decodeBlock,
  decodeHeader,
  decodeList,
  encodeBlock,
  encodeBytes,
  encodeHeader,
  encodeList,
  type HashText,
  merkleRoot,
  type RlpList,
} from '@bcos-ts/protocol'
import type { CryptoSuite } from '@bcos-ts/protocol/ports'
import { InvalidPacketError } from '../errors.ts'
import type { Proposal } from './messages.ts'

/** A proposal of which everything is known. */
export interface CompleteProposal extends Proposal {
  readonly block: Block
}

/** As proposed: no receipts, no signatures, whatever the block already has. */
export function completeProposal(block: Block, suite: CryptoSuite): CompleteProposal {
  return {
    hash: toHex(suite.hash(encodeHeader(block.header))),
    header: block.header,
    transactionHashes: block.transactions.map((one) => one.hashText),
    block: { ...block, receipts: [], signatures: [] },
  }
}

export function encodeWholeProposal(block: Block, suite: CryptoSuite): Uint8Array {
  return encodeBlock({ ...block, receipts: [], signatures: [] }, suite)
}

/** `[header, [hash, …], header hash]`. Empty proposals travel in this form too, as recordings show. */
export function encodeHashedProposal(proposal: Proposal): Uint8Array {
  return encodeList([
    encodeHeader(proposal.header),
    encodeList(proposal.transactionHashes.map((hash) => encodeBytes(fromHex(hash)))),
    encodeBytes(fromHex(proposal.hash)),
  ])
}

/** What a proposal must be. */
export interface ProposalTerms {
  readonly hash: HashText
  readonly txCountLimit: number
}

/**
 * Reads either form and checks what the reference takes on trust: that the header has the announced hash (W7),
 * and that the transactions root belongs to these transactions (W13). Throws {@link InvalidPacketError}.
 */
export function decodeProposal(
  bytes: Uint8Array,
  terms: ProposalTerms,
  suite: CryptoSuite,
): Proposal {
  const { proposal, leaves } = readProposal(bytes, suite)
  const count = proposal.transactionHashes.length
  if (count > terms.txCountLimit) {
    throw new InvalidPacketError('proposal', `${count} transactions, above ${terms.txCountLimit}`)
  }
  if (proposal.hash !== terms.hash) {
    throw new InvalidPacketError('proposal', 'the announced hash is not the hash of the header')
  }
  if (!equalBytes(merkleRoot(leaves, suite), proposal.header.transactionsRoot)) {
    throw new InvalidPacketError(
      'proposal',
      'the transactions root is not that of the transactions',
    )
  }
  return proposal
}

interface Reading {
  readonly proposal: Proposal
  /** Hashes of the transactions. */
  readonly leaves: readonly Uint8Array[]
}

function readProposal(bytes: Uint8Array, suite: CryptoSuite): Reading {
  try {
    const list = decodeList(bytes)
    if (list.isList(1)) return readHashed(list, suite)
    const proposal = completeProposal(decodeBlock(bytes, suite).block, suite)
    return { proposal, leaves: proposal.block.transactions.map((one) => one.hash) }
  } catch (error) {
    throw new InvalidPacketError('proposal', messageOf(error), error)
  }
}

function readHashed(list: RlpList, suite: CryptoSuite): Reading {
  const hash = suite.hash(list.raw(0))
  if (!equalBytes(hash, list.fixed(2, 32))) {
    throw new InvalidPacketError('proposal', 'it does not carry the hash of its header')
  }
  const header = decodeHeader(list.list(0))
  const hashes = list.list(1)
  const leaves = hashes.items.map((_, i) => hashes.fixed(i, 32))
  const isComplete = leaves.length === 0
  const proposal: Proposal = {
    hash: toHex(hash),
    header,
    transactionHashes: leaves.map(toHex),
    block: isComplete ? { header, transactions: [], receipts: [], signatures: [] } : undefined,
  }
  return { proposal, leaves }
}
