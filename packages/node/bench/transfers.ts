/** Native transfers by the million. */
import { textToBytes } from '@bcos-ts/common'
import { decodeTransaction, type Transaction } from '@bcos-ts/protocol'
import { type BenchChain, suite } from './chain.ts'
import { call, DAG_TRANSFER } from './workloads.ts'

/** Users of one block while users are added. */
const ADDED_AT_ONCE = 1000
const DIGITS = 12

const nameOf = (user: number): string => String(user).padStart(DIGITS, '0')

/** Accounts that transfers go between: each is a row of the state. `onProgress` hears how many there are. */
export async function addUsers(
  chain: BenchChain,
  { from, to }: { readonly from: number; readonly to: number },
  onProgress: (done: number) => void = () => {},
): Promise<void> {
  for (let at = from; at < to; at += ADDED_AT_ONCE) {
    const count = Math.min(ADDED_AT_ONCE, to - at)
    await chain.mine(
      Array.from({ length: count }, (_, i) =>
        chain.transaction(DAG_TRANSFER, call('userAdd(string,uint256)', nameOf(at + i), 10n ** 9n)),
      ),
    )
    onProgress(at + count)
  }
}

/** The place of a text in bytes. */
function placeOf(text: string, bytes: Uint8Array): number {
  const wanted = textToBytes(text)
  for (let at = 0; at + wanted.length <= bytes.length; at++) {
    if (wanted.every((byte, i) => bytes[at + i] === byte)) return at
  }
  throw new Error(`${text} is not in the template`)
}

export interface Transfer {
  readonly nonce: number
  readonly from: number
  readonly to: number
}

/** Transactions that differ in nonce and users, written into copies of one: making them must not be the bench. */
export function transferMaker(chain: BenchChain): (transfer: Transfer) => Transaction {
  const [from, to] = ['a'.repeat(DIGITS), 'b'.repeat(DIGITS)]
  const { raw } = chain.transaction(
    DAG_TRANSFER,
    call('userTransfer(string,string,uint256)', from, to, 1n),
  )
  const [fromAt, toAt] = [placeOf(from, raw), placeOf(to, raw)]
  // The list header has two bytes, the nonce one more; its first byte stays, for an integer has no leading zero.
  const nonceAt = 5
  return (transfer) => {
    const bytes = raw.slice()
    bytes.set(textToBytes(nameOf(transfer.from)), fromAt)
    bytes.set(textToBytes(nameOf(transfer.to)), toAt)
    new DataView(bytes.buffer, bytes.byteOffset).setBigUint64(nonceAt, BigInt(transfer.nonce))
    return decodeTransaction(bytes, suite)
  }
}
