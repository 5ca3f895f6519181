/** The recorded chains as steps that can be done again on a network of other nodes. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { fromHex, to0x, toHex } from '@bcos-ts/common'
import { standardSuite } from '@bcos-ts/crypto'
import { decodeTransaction, signTransaction } from '@bcos-ts/protocol'
import type { Json } from './network.ts'

const RECORDINGS = join(import.meta.dirname, '..', '..', '..', 'node', 'vectors', 'recordings')

export interface RecordedTransaction {
  readonly hash: string
  readonly label: string
  readonly from: string
  readonly raw: string
  readonly receipt: Json
}

export interface RecordedBlock {
  readonly number: number
  readonly getBlockByNumber: Json
  readonly transactions: readonly RecordedTransaction[]
}

export interface RecordedExchange {
  readonly label: string
  readonly atBlock: number
  readonly request: { readonly method: string; readonly params: unknown }
  readonly response: Json
  /** Absent: the answer depends on nothing but the chain. */
  readonly stable?: boolean
}

export interface Recording {
  readonly blocks: readonly RecordedBlock[]
  /** What was asked, in order. */
  readonly exchanges: readonly RecordedExchange[]
  readonly rejected: readonly {
    readonly label: string
    readonly from: string
    readonly raw: string
    readonly error: { readonly code: number; readonly message: string }
  }[]
}

function read(name: string): string {
  const bytes = readFileSync(join(RECORDINGS, name))
  return name.endsWith('.gz') ? gunzipSync(bytes).toString() : bytes.toString()
}

function lines<T>(name: string): readonly T[] {
  return read(name)
    .trim()
    .split('\n')
    .map((line): T => JSON.parse(line))
}

function json<T>(name: string): T {
  const value: T = JSON.parse(read(name))
  return value
}

interface RecordedCall {
  readonly label: string
  readonly atBlock: number
  readonly params: unknown
  readonly response: Json
}

/** The main recording: four nodes, 420 blocks. */
export function readChain4(): Recording {
  return {
    blocks: lines('chain4/blocks.jsonl.gz'),
    exchanges: [...callsOf('chain4'), ...lines<RecordedExchange>('chain4/rpc.jsonl.gz')],
    rejected: json('chain4/rejected.json'),
  }
}

/** One node: contract life cycle, permissions, governance, account freezing, gas charging, the last sealer. */
export function readGov1(): Recording {
  return {
    blocks: lines('gov1/blocks.jsonl.gz'),
    exchanges: [...callsOf('gov1'), ...json<readonly RecordedExchange[]>('gov1/rpc.json')],
    rejected: [],
  }
}

function callsOf(name: string): readonly RecordedExchange[] {
  return json<readonly RecordedCall[]>(`${name}/calls.json`).map(
    ({ label, atBlock, params, response }) => ({
      label,
      atBlock,
      request: { method: 'call', params },
      response,
    }),
  )
}

export interface RecordedManagement extends RecordedExchange {
  /** Position of the node that was asked, in {@link readNodeIds}. */
  readonly node: number
}

/** How a group was made, started, stopped, removed and recovered, and peers added and erased. */
export function readManagement(): readonly RecordedManagement[] {
  return json('groups/management.json')
}

/** Blocks of the group that was made that way. */
export function readGroup2(): readonly RecordedBlock[] {
  return lines('groups/group2/blocks.jsonl.gz')
}

/** By number of the node. */
export function readNodeIds(name: 'chain4' | 'gov1' | 'groups'): readonly string[] {
  return json(`${name}/genesis/nodeids.json`)
}

interface RecordedAccount {
  readonly address: string
  readonly privateKey: string
}

const accounts = new Map(
  [
    ...json<readonly RecordedAccount[]>('chain4/accounts.json'),
    ...json<readonly RecordedAccount[]>('gov1/accounts.json'),
  ].map(({ address, privateKey }) => [address, standardSuite.keyPair(fromHex(privateKey))]),
)

/** Key of a recorded account. Its secret is the hash of "golden-account-" and its name. */
export function secretKeyOf(address: string): Uint8Array {
  const keys = accounts.get(address)
  if (keys === undefined) throw new Error(`no key of ${address}`)
  return keys.secretKey
}

export function blockLimitOf(raw: string): number {
  return Number(decodeTransaction(fromHex(raw), standardSuite).blockLimit)
}

/**
 * Gives recorded nodes the names of ours. Ids are paired in ascending order, so that whatever depends on their
 * order stays as it was.
 */
export class Translation {
  readonly #pairs: readonly (readonly [recorded: string, ours: string])[]
  readonly #groupId: number

  constructor(recorded: readonly string[], ours: readonly string[], groupId = 1) {
    this.#pairs = recorded.toSorted().map((id, index) => [id, ours.toSorted()[index] ?? ''])
    this.#groupId = groupId
  }

  value<T>(value: T): T {
    const translated: T = JSON.parse(this.text(JSON.stringify(value)))
    return translated
  }

  /** Ids stand in texts as they are, and in call data as the bytes of their text. */
  text(value: string): string {
    return this.#pairs.reduce(
      (text, [from, to]) => text.replaceAll(from, to).replaceAll(hexOfText(from), hexOfText(to)),
      value,
    )
  }

  /** Whether the chain of another network has another state after it. */
  namesNode({ raw }: Pick<RecordedTransaction, 'raw'>): boolean {
    const data = toHex(decodeTransaction(fromHex(raw), standardSuite).data)
    return this.text(data) !== data
  }

  /**
   * The transaction as it was sent; signed anew by the same account where it names a node, goes to another group,
   * or is to have another block limit.
   */
  raw({ raw, from }: Pick<RecordedTransaction, 'raw' | 'from'>, limitShift = 0): string {
    const transaction = decodeTransaction(fromHex(raw), standardSuite)
    const data = this.text(toHex(transaction.data))
    if (data === toHex(transaction.data) && this.#groupId === 1 && limitShift === 0) return raw
    const keys = accounts.get(from)
    if (keys === undefined) throw new Error(`no key of ${from}`)
    const { nonce, gasPrice, gas, to, value, chainId, extraData } = transaction
    const fields = { nonce, gasPrice, gas, to, value, chainId, extraData }
    const blockLimit = transaction.blockLimit + BigInt(limitShift)
    const groupId = BigInt(this.#groupId)
    const signed = { ...fields, data: fromHex(data), groupId, blockLimit }
    return to0x(signTransaction(signed, keys, standardSuite).raw)
  }
}

function hexOfText(text: string): string {
  return toHex(new TextEncoder().encode(text))
}
