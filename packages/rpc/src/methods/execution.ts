/**
 * Calls and submissions (spec 02 §9, §14.9).
 * @module
 */
import { isBcosError, to0x } from '@bcos-ts/common'
import {
  decodeTransaction,
  recoverSenders,
  type Transaction,
  TransactionStatus,
  ZERO_ADDRESS,
} from '@bcos-ts/protocol'
import type {
  CallRequest,
  GroupService,
  ImportResult,
  SubmissionOutcome,
} from '@bcos-ts/protocol/ports'
import { RpcError } from '../errors.ts'
import type { JsonObject, JsonValue } from '../json.ts'
import { type Call, groupOf, memberGroupOf, method, type Method } from '../method.ts'
import { parseAddress, parseBytes, parseQuantity } from '../params.ts'
import { quantity } from '../views/format.ts'
import { receiptProof, transactionProof } from '../views/proof.ts'
import { receiptView, refusalView } from '../views/receipt.ts'

/** A member as text; numbers count as they are written. */
function textOf(value: JsonValue | undefined, name: string): string {
  if (value === undefined || value === null) return ''
  if (typeof value === 'string') return value
  if (typeof value === 'number') return String(value)
  throw new RpcError('RPC_INTERNAL', `${name} is neither text nor number`)
}

function callRequest(request: JsonObject): CallRequest {
  const from = textOf(request['from'], 'from')
  if (from === '') throw new RpcError('RPC_CALL_WITHOUT_FROM')
  const to = textOf(request['to'], 'to')
  // `code` takes the place of `data` (spec 02 §14.9).
  const data = textOf(request['code'] ?? request['data'], 'data')
  return {
    from: parseAddress(from),
    to: to === '' || to === '0x' ? undefined : parseAddress(to),
    value: parseQuantity(textOf(request['value'], 'value')),
    data: parseBytes(data),
  }
}

export const call: Method = method(['i', 'o'], (context, [groupId, request]) => {
  const group = memberGroupOf(context, groupId)
  const { status, output } = group.call(callRequest(request))
  return {
    currentBlockNumber: quantity(group.chain.height()),
    output: to0x(output),
    status: quantity(status),
  }
})

interface Submission {
  readonly context: Call
  readonly group: GroupService
  readonly transaction: Transaction
  readonly withProofs: boolean
}

interface Submit {
  readonly method: Method
  readonly values: readonly JsonValue[]
}

/**
 * Reads the transactions that a batch submits and has their signatures checked on other cores, all together, while this
 * thread goes on. `undefined` where nothing is gained by it. What cannot be read is left to its own request.
 */
export function readAhead(
  requests: readonly Submit[],
  { suite, signatures }: Call,
): Promise<ReadonlyMap<JsonValue, Transaction>> | undefined {
  if (signatures?.isSharing !== true) return undefined
  const transactions = new Map<JsonValue, Transaction>()
  for (const { method: one, values } of requests) {
    const [, text] = values
    if (!SUBMISSIONS.has(one) || typeof text !== 'string') continue
    try {
      transactions.set(text, decodeTransaction(parseBytes(text), suite))
    } catch (error) {
      if (!isBcosError(error)) throw error
    }
  }
  return recoverSenders([...transactions.values()], signatures).then(() => transactions)
}

function readTransaction(context: Call, text: string): Transaction {
  const transaction = context.ahead?.get(text) ?? decodeTransaction(parseBytes(text), context.suite)
  const { suite } = context
  if (!transaction.isWellFormed(suite)) {
    const form = 'of the two good values of s only the lower one is taken, and v is 27 or 28'
    const reason = suite.name === 'standard' ? form : 'r, s or the public key is out of range'
    throw new RpcError('RPC_INTERNAL', `InvalidSignature: ${reason}`)
  }
  if (transaction.sender(suite) === undefined) {
    throw new RpcError('RPC_INTERNAL', 'InvalidSignature: the transaction is not signed well')
  }
  return transaction
}

function minedReceipt(
  { context, withProofs }: Submission,
  outcome: SubmissionOutcome & { readonly type: 'mined' },
): JsonObject {
  const { suite } = context
  const { transaction, receipt, block, blockHash, index } = outcome
  const sender = transaction.sender(suite) ?? ZERO_ADDRESS
  const place = { blockNumber: block.header.number, blockHash, index }
  const view = receiptView({ transaction, receipt, sender, ...place })
  if (!withProofs) return view
  return {
    ...view,
    receiptProof: receiptProof(block, index, suite),
    txProof: transactionProof(block, index, suite),
  }
}

function enterPool(submission: Submission): ImportResult {
  const { context, group, transaction } = submission
  const { onReceipt } = context.caller
  if (group.sync.isFarBehind()) {
    return { status: TransactionStatus.transactionRefused, reason: 'ImportResult::NodeIsSyncing' }
  }
  if (onReceipt === undefined) return group.pool.submit(transaction)
  return group.pool.submit(transaction, (outcome) =>
    onReceipt(
      outcome.type === 'mined' ? minedReceipt(submission, outcome) : refusalView(outcome.status),
    ),
  )
}

/** The words that clients look for in a refusal (spec 01 §4.5). */
function refusalText({ reason }: ImportResult, transaction: Transaction): string {
  if (reason === 'ImportResult::NodeIsSyncing') return reason
  const limit = reason === 'BlockLimitCheckFailed' ? `, txBlockLimit=${transaction.blockLimit}` : ''
  return `${reason}${limit}, txHash=${transaction.hashText.slice(0, 8)}...`
}

/** The answer waits for the pool's word; a refusal is an error. */
function submitNow(submission: Submission): void {
  const result = enterPool(submission)
  if (result.status === TransactionStatus.none) return
  throw new RpcError('RPC_INTERNAL', refusalText(result, submission.transaction))
}

/** The transaction is answered with its hash in any case; a refusal is pushed as a receipt. */
function submitLater(submission: Submission): void {
  const { context, group } = submission
  const status =
    group.role() === 'free'
      ? TransactionStatus.requestNotBelongToTheGroup
      : enterPool(submission).status
  if (status !== TransactionStatus.none) context.caller.onReceipt?.(refusalView(status))
}

function submit(context: Call, groupId: number, text: string, withProofs: boolean): string {
  const isLater = context.caller.refusals === 'later'
  const group = isLater ? groupOf(context, groupId) : memberGroupOf(context, groupId)
  const transaction = readTransaction(context, text)
  const submission = { context, group, transaction, withProofs }
  if (isLater) submitLater(submission)
  else submitNow(submission)
  return to0x(transaction.hash)
}

export const sendRawTransaction: Method = method(['i', 's'], (context, [groupId, text]) =>
  submit(context, groupId, text, false),
)

export const sendRawTransactionAndGetProof: Method = method(
  ['i', 's'],
  (context, [groupId, text]) => submit(context, groupId, text, true),
)

const SUBMISSIONS: ReadonlySet<Method> = new Set([
  sendRawTransaction,
  sendRawTransactionAndGetProof,
])
