/** The recorded chains as steps that can be done again on a network of other nodes. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { fromHex, to0x, toHex } from '@bcos-ts/common'
import { standardSuite } from '@bcos-ts/crypto'
import { decodeTransaction, signTransaction } from '@bcos-ts/protocol'

const RECORDINGS = join(import.meta.dirname, '..', '..', '..', 'node', 'vectors', 'recordings')

export type Json = Readonly<Record<string, unknown>>

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

export function readGroupManagement(): readonly (RecordedExchange & { readonly node: number })[] {
  return json('groups/management.json')
}

export function recordedNodeIds(name: 'chain4' | 'gov1' | 'groups'): readonly string[] {
  const ids: readonly string[] = json(`${name}/genesis/nodeids.json`)
  return ids.toSorted()
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

/**
 * Gives recorded nodes the names of ours. Ids are paired in ascending order, so that whatever depends on their
 * order stays as it was.
 */
export class Translation {
  readonly #pairs: readonly (readonly [recorded: string, ours: string])[]
  readonly #groupId: number

  constructor(recorded: readonly string[], ours: readonly string[], groupId = 1) {
    this.#pairs = recorded.map((id, index) => [id, ours[index] ?? ''])
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

  /**
   * The transaction as it was sent; signed anew by the same account where it names a node, or goes to another group.
   */
  raw({ raw, from }: RecordedTransaction): string {
    const transaction = decodeTransaction(fromHex(raw), standardSuite)
    const data = this.text(toHex(transaction.data))
    if (data === toHex(transaction.data) && this.#groupId === 1) return raw
    const keys = accounts.get(from)
    if (keys === undefined) throw new Error(`no key of ${from}`)
    const { nonce, gasPrice, gas, blockLimit, to, value, chainId, extraData } = transaction
    const fields = { nonce, gasPrice, gas, blockLimit, to, value, chainId, extraData }
    const groupId = BigInt(this.#groupId)
    return to0x(
      signTransaction({ ...fields, data: fromHex(data), groupId }, keys, standardSuite).raw,
    )
  }
}

function hexOfText(text: string): string {
  return toHex(new TextEncoder().encode(text))
}
