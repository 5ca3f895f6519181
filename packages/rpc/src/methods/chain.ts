/**
 * State of a group and its blocks (spec 02 §14.1, §14.6).
 * @module
 */
import { to0x } from '@bcos-ts/common'
import { type Block, sortNodeIds } from '@bcos-ts/protocol'
import type { BlockStore } from '@bcos-ts/protocol/ports'
import { RpcError } from '../errors.ts'
import { memberGroupOf, method, type Method } from '../method.ts'
import { parseAddress, parseBlockNumber, parseHash } from '../params.ts'
import { blockView, fullBlockView, headerView } from '../views/block.ts'
import { quantity } from '../views/format.ts'

/** Keys that clients may read; the chain has more. */
const READABLE_CONFIG: ReadonlySet<string> = new Set([
  'tx_count_limit',
  'tx_gas_limit',
  'rpbft_epoch_sealer_num',
  'rpbft_epoch_block_num',
  'consensus_timeout',
  'enable_charge_mgr',
])

/** The number of a block that exists, or `RPC_BLOCK_NUMBER_NOT_FOUND`. */
export function existingNumber(chain: BlockStore, text: string): number {
  const number = parseBlockNumber(text)
  if (number > chain.height()) throw new RpcError('RPC_BLOCK_NUMBER_NOT_FOUND')
  return number
}

/** The number of the block with this hash, or `RPC_BLOCK_HASH_NOT_FOUND`. */
export function numberOfHash(chain: BlockStore, text: string): number {
  const number = chain.numberOf(parseHash(text))
  if (number === undefined) throw new RpcError('RPC_BLOCK_HASH_NOT_FOUND')
  return number
}

/** A block that is known to exist, with its hash. */
export function blockAt(
  chain: BlockStore,
  number: number,
): { readonly block: Block; readonly hash: Uint8Array } {
  const block = chain.block(number)
  const hash = chain.hashOf(number)
  if (block === undefined || hash === undefined) throw new RpcError('RPC_BLOCK_NUMBER_NOT_FOUND')
  return { block, hash }
}

function header(chain: BlockStore, number: number, withSignatures: boolean) {
  const found = chain.header(number)
  const hash = chain.hashOf(number)
  if (found === undefined || hash === undefined) throw new RpcError('RPC_BLOCK_NUMBER_NOT_FOUND')
  return headerView(found, hash, withSignatures ? chain.signatures(number) : undefined)
}

export const getBlockNumber: Method = method(['i'], (call, [groupId]) =>
  quantity(memberGroupOf(call, groupId).chain.height()),
)

export const getSealerList: Method = method(
  ['i'],
  (call, [groupId]) => memberGroupOf(call, groupId).chain.membership().sealersInRowOrder,
)

export const getObserverList: Method = method(
  ['i'],
  (call, [groupId]) => memberGroupOf(call, groupId).chain.membership().observers,
)

export const getEpochSealersList: Method = method(['i'], (call, [groupId]) => {
  const { chain, consensus } = memberGroupOf(call, groupId)
  if (consensus.type !== 'rpbft') {
    throw new RpcError(
      'RPC_WRONG_CONSENSUS',
      `method getEpochSealersList only supported when rpbft is used, current consensus type is ${consensus.type}`,
    )
  }
  return chain.membership().workingSealers
})

export const getGroupPeers: Method = method(['i'], (call, [groupId]) => {
  const { sealers, observers } = memberGroupOf(call, groupId).chain.membership()
  return sortNodeIds([...sealers, ...observers])
})

export const getSystemConfigByKey: Method = method(['i', 's'], (call, [groupId, key]) => {
  const { chain } = memberGroupOf(call, groupId)
  if (!READABLE_CONFIG.has(key)) throw new RpcError('RPC_INVALID_SYSTEM_CONFIG')
  return chain.systemConfig(key)?.value ?? ''
})

export const getTotalTransactionCount: Method = method(['i'], (call, [groupId]) => {
  const { blockNumber, total, failed } = memberGroupOf(call, groupId).chain.transactionCount()
  return {
    blockNumber: quantity(blockNumber),
    failedTxSum: quantity(failed),
    txSum: quantity(total),
  }
})

export const getCode: Method = method(['i', 's'], (call, [groupId, address]) =>
  to0x(memberGroupOf(call, groupId).chain.codeOf(parseAddress(address))),
)

export const getBlockHashByNumber: Method = method(['i', 's'], (call, [groupId, number]) => {
  const { chain } = memberGroupOf(call, groupId)
  const hash = chain.hashOf(existingNumber(chain, number))
  if (hash === undefined) throw new RpcError('RPC_BLOCK_NUMBER_NOT_FOUND')
  return to0x(hash)
})

export const getBlockByNumber: Method = method(
  ['i', 's', 'b'],
  (call, [groupId, number, isFull]) => {
    const { chain } = memberGroupOf(call, groupId)
    const { block, hash } = blockAt(chain, existingNumber(chain, number))
    return isFull ? fullBlockView(block, hash, call.suite) : blockView(block, hash)
  },
)

export const getBlockByHash: Method = method(['i', 's', 'b'], (call, [groupId, text, isFull]) => {
  const { chain } = memberGroupOf(call, groupId)
  const { block, hash } = blockAt(chain, numberOfHash(chain, text))
  return isFull ? fullBlockView(block, hash, call.suite) : blockView(block, hash)
})

export const getBlockHeaderByNumber: Method = method(
  ['i', 's', 'b'],
  (call, [groupId, number, signed]) => {
    const { chain } = memberGroupOf(call, groupId)
    return header(chain, existingNumber(chain, number), signed)
  },
)

export const getBlockHeaderByHash: Method = method(
  ['i', 's', 'b'],
  (call, [groupId, text, signed]) => {
    const { chain } = memberGroupOf(call, groupId)
    return header(chain, numberOfHash(chain, text), signed)
  },
)
