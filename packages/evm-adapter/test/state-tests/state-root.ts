import { concatBytes, EMPTY_BYTES, fromHex } from '@bcos-ts/common'
import { standardSuite } from '@bcos-ts/crypto'
import { encodeBytes, encodeInteger, encodeList } from '@bcos-ts/protocol'

const hash = (bytes: Uint8Array): Uint8Array => standardSuite.hash(bytes)

/** An entry of a hash tree: the key in half bytes, and the value. */
interface Leaf {
  readonly nibbles: readonly number[]
  readonly value: Uint8Array
}

export interface PlainAccount {
  readonly address: string
  readonly nonce: bigint
  readonly balance: bigint
  readonly code: Uint8Array
  readonly storage: ReadonlyMap<bigint, bigint>
}

/** The state root of Ethereum over some accounts. */
export function stateRoot(accounts: readonly PlainAccount[]): Uint8Array {
  return rootOf(
    accounts.map((account) => ({
      nibbles: nibblesOf(hash(fromHex(account.address))),
      value: encodeList([
        encodeInteger(account.nonce),
        encodeInteger(account.balance),
        encodeBytes(storageRoot(account.storage)),
        encodeBytes(hash(account.code)),
      ]),
    })),
  )
}

function storageRoot(storage: ReadonlyMap<bigint, bigint>): Uint8Array {
  return rootOf(
    [...storage]
      .filter(([, value]) => value !== 0n)
      .map(([slot, value]) => ({
        nibbles: nibblesOf(hash(fromHex(slot.toString(16).padStart(64, '0')))),
        value: encodeInteger(value),
      })),
  )
}

function nibblesOf(key: Uint8Array): number[] {
  return [...key].flatMap((byte) => [byte >> 4, byte & 15])
}

function rootOf(leaves: readonly Leaf[]): Uint8Array {
  return hash(leaves.length === 0 ? encodeBytes(EMPTY_BYTES) : encodeNode(leaves, 0))
}

/** Of all leaves that share their first `depth` half bytes. */
function encodeNode(leaves: readonly Leaf[], depth: number): Uint8Array {
  const [first] = leaves
  if (first === undefined) return encodeBytes(EMPTY_BYTES)
  if (leaves.length === 1) {
    return encodeList([encodePath(first.nibbles.slice(depth), true), encodeBytes(first.value)])
  }
  let shared = depth
  while (leaves.every(({ nibbles }) => nibbles[shared] === first.nibbles[shared])) shared++
  const branch = encodeList([
    ...Array.from({ length: 16 }, (_, nibble) => {
      const below = leaves.filter(({ nibbles }) => nibbles[shared] === nibble)
      return below.length === 0
        ? encodeBytes(EMPTY_BYTES)
        : reference(encodeNode(below, shared + 1))
    }),
    encodeBytes(EMPTY_BYTES),
  ])
  if (shared === depth) return branch
  return encodeList([encodePath(first.nibbles.slice(depth, shared), false), reference(branch)])
}

/** A short node stands where it is used, a longer one by its hash. */
function reference(node: Uint8Array): Uint8Array {
  return node.length < 32 ? node : encodeBytes(hash(node))
}

function encodePath(nibbles: readonly number[], isLeaf: boolean): Uint8Array {
  const flag = (isLeaf ? 2 : 0) + (nibbles.length % 2)
  const padded = nibbles.length % 2 === 1 ? [flag, ...nibbles] : [flag, 0, ...nibbles]
  const bytes: number[] = []
  for (let i = 0; i < padded.length; i += 2) bytes.push(padded[i]! * 16 + padded[i + 1]!)
  return encodeBytes(concatBytes(Uint8Array.from(bytes)))
}
