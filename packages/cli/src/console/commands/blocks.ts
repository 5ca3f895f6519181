/**
 * Blocks, transactions and receipts.
 * @module
 */
import type { Arguments } from '../arguments.ts'
import type { ConsoleCommand } from '../command.ts'
import { NotFoundError } from '../errors.ts'
import { json, type Output, toJson, value } from '../output.ts'
import type { Parameter } from '../parameter.ts'
import type { Session } from '../session.ts'

const BLOCK_HASH: Parameter = { name: 'blockHash', kind: 'hash', help: 'hash of the block' }
const BLOCK_NUMBER: Parameter = {
  name: 'blockNumber',
  kind: 'number',
  help: 'number of the block, from 0 on',
}
const TRANSACTION_HASH: Parameter = {
  name: 'transactionHash',
  kind: 'hash',
  help: 'hash of the transaction',
}
const INDEX: Parameter = {
  name: 'index',
  kind: 'number',
  help: 'position of the transaction in the block, from 0 on',
}
const FULL: Parameter = {
  name: 'fullTransactions',
  kind: 'boolean',
  help: 'true shows whole transactions, false (default) their hashes',
  isOptional: true,
}
const SIGNATURES: Parameter = {
  name: 'signatures',
  kind: 'boolean',
  help: 'true shows the signatures of the sealers too (default: false)',
  isOptional: true,
}
const FROM: Parameter = {
  name: 'from',
  kind: 'number',
  help: 'position of the first receipt (default: 0)',
  isOptional: true,
}
const COUNT: Parameter = {
  name: 'count',
  kind: 'text',
  help: 'how many receipts, -1 for all that follow (default: -1)',
  isOptional: true,
}

const HASH_EXAMPLE = '0x10bfdc1e97901ed22cc18a126d3ebb8125717c2438f61d84602f997959c631fa'

type Ask = (session: Session, args: Arguments) => Promise<Output>

function command(
  name: string,
  summary: string,
  parameters: readonly Parameter[],
  { example, run }: { readonly example: string; readonly run: Ask },
): ConsoleCommand {
  return {
    name,
    theme: 'blocks and transactions',
    summary,
    parameters,
    example: `${name} ${example}`,
    run,
  }
}

function block(args: Arguments): string {
  return args.optional('blockHash') ?? quantityOf(args.number('blockNumber'))
}

function quantityOf(number: number): string {
  return `0x${number.toString(16)}`
}

async function answer(session: Session, method: string, ...params: unknown[]): Promise<Output> {
  return json(toJson(await session.ask(method, ...params)))
}

/** Nodes answer null where they know nothing. */
async function found(session: Session, method: string, hash: string): Promise<Output> {
  const known = await session.ask(method, hash)
  if (known !== null) return json(toJson(known))
  throw new NotFoundError(
    `transaction ${hash}`,
    'it may still wait for its block, or belong to another group',
  )
}

async function receipts(session: Session, method: string, args: Arguments): Promise<Output> {
  const from = String(args.optionalNumber('from', 0))
  const count = args.optional('count') ?? '-1'
  return answer(session, method, block(args), from, count, false)
}

export const BLOCK_COMMANDS: readonly ConsoleCommand[] = [
  command('getBlockByHash', 'a block, by its hash', [BLOCK_HASH, FULL], {
    example: HASH_EXAMPLE,
    run: async (session, args) =>
      answer(session, 'getBlockByHash', block(args), args.flag('fullTransactions')),
  }),
  command('getBlockByNumber', 'a block, by its number', [BLOCK_NUMBER, FULL], {
    example: '1 true',
    run: async (session, args) =>
      answer(session, 'getBlockByNumber', block(args), args.flag('fullTransactions')),
  }),
  command('getBlockHeaderByHash', 'the header of a block, by its hash', [BLOCK_HASH, SIGNATURES], {
    example: HASH_EXAMPLE,
    run: async (session, args) =>
      answer(session, 'getBlockHeaderByHash', block(args), args.flag('signatures')),
  }),
  command(
    'getBlockHeaderByNumber',
    'the header of a block, by its number',
    [BLOCK_NUMBER, SIGNATURES],
    {
      example: '1 true',
      run: async (session, args) =>
        answer(session, 'getBlockHeaderByNumber', block(args), args.flag('signatures')),
    },
  ),
  command('getBlockHashByNumber', 'the hash of a block', [BLOCK_NUMBER], {
    example: '1',
    run: async (session, args) =>
      value(String(await session.ask('getBlockHashByNumber', block(args)))),
  }),
  command('getTransactionByHash', 'a transaction that is in a block', [TRANSACTION_HASH], {
    example: HASH_EXAMPLE,
    run: async (session, args) =>
      found(session, 'getTransactionByHash', args.get('transactionHash')),
  }),
  command(
    'getTransactionByBlockHashAndIndex',
    'a transaction, by hash of the block and its position there',
    [BLOCK_HASH, INDEX],
    {
      example: `${HASH_EXAMPLE} 0`,
      run: async (session, args) =>
        answer(
          session,
          'getTransactionByBlockHashAndIndex',
          block(args),
          quantityOf(args.number('index')),
        ),
    },
  ),
  command(
    'getTransactionByBlockNumberAndIndex',
    'a transaction, by number of the block and its position there',
    [BLOCK_NUMBER, INDEX],
    {
      example: '1 0',
      run: async (session, args) =>
        answer(
          session,
          'getTransactionByBlockNumberAndIndex',
          block(args),
          quantityOf(args.number('index')),
        ),
    },
  ),
  command('getTransactionReceipt', 'what a transaction did', [TRANSACTION_HASH], {
    example: HASH_EXAMPLE,
    run: async (session, args) =>
      found(session, 'getTransactionReceipt', args.get('transactionHash')),
  }),
  command(
    'getTransactionByHashWithProof',
    'a transaction, and the proof that it is in its block',
    [TRANSACTION_HASH],
    {
      example: HASH_EXAMPLE,
      run: async (session, args) =>
        found(session, 'getTransactionByHashWithProof', args.get('transactionHash')),
    },
  ),
  command(
    'getTransactionReceiptByHashWithProof',
    'a receipt, and the proof that it is in its block',
    [TRANSACTION_HASH],
    {
      example: HASH_EXAMPLE,
      run: async (session, args) =>
        found(session, 'getTransactionReceiptByHashWithProof', args.get('transactionHash')),
    },
  ),
  command(
    'getBatchReceiptsByBlockNumberAndRange',
    'some receipts of a block, by its number',
    [BLOCK_NUMBER, FROM, COUNT],
    {
      example: '1 0 -1',
      run: async (session, args) =>
        receipts(session, 'getBatchReceiptsByBlockNumberAndRange', args),
    },
  ),
  command(
    'getBatchReceiptsByBlockHashAndRange',
    'some receipts of a block, by its hash',
    [BLOCK_HASH, FROM, COUNT],
    {
      example: `${HASH_EXAMPLE} 0 10`,
      run: async (session, args) => receipts(session, 'getBatchReceiptsByBlockHashAndRange', args),
    },
  ),
]
