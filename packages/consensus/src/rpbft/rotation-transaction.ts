/**
 * The transaction by which a leader changes the committee: the first of its block (spec 04 §7.2).
 * @module
 */
import { bytesToBigInt, concatBytes, EMPTY_BYTES, type RandomSource } from '@bcos-ts/common'
import { signTransaction, type Transaction } from '@bcos-ts/protocol'
import { encodeAbi, selectorOf } from '@bcos-ts/protocol/abi'
import type { CryptoSuite, KeyPair } from '@bcos-ts/protocol/ports'
import type { Lottery } from './host.ts'

/** Contract of the working sealers, which executes the rotation. */
const WORKING_SEALERS = '1011'.padStart(40, '0')
/** The reference hashes the text of its own code. */
const ROTATE = 'rotateWorkingSealer(std::string, std::string, std::string)'
/** Blocks for which the transaction is good. */
const BLOCKS_GOOD = 500
const NONCE_BYTES = 32

export interface RotationTerms {
  readonly suite: CryptoSuite
  /** Of the leader's node. */
  readonly keys: KeyPair
  readonly random: RandomSource
  readonly lottery: Lottery
  readonly chainId: number
  readonly groupId: number
  /** Number of the last committed block. */
  readonly height: number
  /** Hash of the last committed block, 64 hexadecimal digits: what the lot is drawn from. */
  readonly parentHash: string
}

export function rotationTransaction(terms: RotationTerms): Transaction {
  const { suite, keys, random, lottery, chainId, groupId, height, parentHash } = terms
  const texts = [lottery.publicKey, parentHash, lottery.prove(parentHash)]
  const fields = {
    nonce: bytesToBigInt(random.bytes(NONCE_BYTES)),
    gasPrice: 0n,
    gas: 0n,
    blockLimit: BigInt(height + BLOCKS_GOOD),
    to: WORKING_SEALERS,
    value: 0n,
    data: concatBytes(selectorOf(ROTATE, suite), encodeAbi(['string', 'string', 'string'], texts)),
    // The reference hands the two over in the wrong order; nobody checks them in a block.
    chainId: BigInt(groupId),
    groupId: BigInt(chainId),
    extraData: EMPTY_BYTES,
  }
  return signTransaction(fields, keys, suite)
}

export function isRotation(transaction: Pick<Transaction, 'to'>): boolean {
  return transaction.to === WORKING_SEALERS
}
