import { bytesToText, type ByteText, EMPTY_BYTES, textToBytes } from '@bcos-ts/common'
import { accountTable, type Address } from '@bcos-ts/protocol'
import type {
  AccountState,
  CreateAccountState,
  StateTables,
  Table,
  VmCode,
  Writer,
} from '@bcos-ts/protocol/ports'
import { DecimalMemo } from './decimal-memo.ts'
import { SizedCache } from './sized-cache.ts'

/** Keys of the rows that every account has, and of those it may have (spec 01 §9.6). */
const Key = {
  balance: 'balance',
  codeHash: 'codeHash',
  code: 'code',
  nonce: 'nonce',
  alive: 'alive',
  authority: 'authority',
  frozen: 'frozen',
  remainGas: 'remain_gas',
} as const

const VALUE = 'value'
/** Memory for contract code. */
const CODE_BYTES_MAX = 64 * 1024 * 1024
/** What an entry costs beside its code. */
const CODE_OVERHEAD = 500
/** No access list governs what the machine itself writes. */
const NOBODY = { writer: undefined }
const NO_CODE: VmCode = { bytes: EMPTY_BYTES }

/** Accounts in tables. The returned factory shares one cache of contract code between all blocks. */
export function tableAccountState(hash: (message: Uint8Array) => Uint8Array): CreateAccountState {
  const shared = {
    hash,
    codes: new SizedCache<ByteText, VmCode>(CODE_BYTES_MAX),
    decimals: new DecimalMemo(),
    emptyHash: bytesToText(hash(EMPTY_BYTES)),
  }
  return (tables) => new TableAccountState(tables, shared)
}

interface Shared {
  readonly hash: (message: Uint8Array) => Uint8Array
  readonly codes: SizedCache<ByteText, VmCode>
  readonly decimals: DecimalMemo
  readonly emptyHash: ByteText
}

class TableAccountState implements AccountState {
  readonly #tables: StateTables
  readonly #shared: Shared
  /** Tables that are open: they stay so as long as these tables live. */
  readonly #open = new Map<Address, Table>()

  constructor(tables: StateTables, shared: Shared) {
    this.#tables = tables
    this.#shared = shared
  }

  exists(address: Address): boolean {
    return this.#table(address) !== undefined
  }

  isEmpty(address: Address): boolean {
    return this.balance(address) === 0n && !this.hasCode(address) && this.nonce(address) === 0n
  }

  nonce(address: Address): bigint {
    return BigInt(this.#read(address, Key.nonce) ?? 0n)
  }

  incrementNonce(address: Address): void {
    if (!this.exists(address)) return this.#create(address, 1n)
    const nonce = this.#read(address, Key.nonce)
    if (nonce !== undefined) this.#update(address, Key.nonce, String(BigInt(nonce) + 1n))
  }

  balance(address: Address): bigint {
    return BigInt(this.#read(address, Key.balance) ?? 0n)
  }

  touchBalance(address: Address): void {
    const balance = this.#read(address, Key.balance)
    if (balance !== undefined) this.#update(address, Key.balance, balance)
  }

  createContract(address: Address, managers: readonly Address[]): void {
    if (this.exists(address)) this.#update(address, Key.nonce, '0')
    else this.#create(address, 0n)
    for (const manager of managers) this.#insert(address, Key.authority, manager)
  }

  managers(address: Address): readonly Address[] {
    return (this.#table(address)?.select(Key.authority) ?? []).map((row) => row.get(VALUE) ?? '')
  }

  hasCode(address: Address): boolean {
    const codeHash = this.#read(address, Key.codeHash)
    return codeHash !== undefined && codeHash !== this.#shared.emptyHash
  }

  code(address: Address): VmCode {
    const { codes, emptyHash } = this.#shared
    const hash = this.#read(address, Key.codeHash)
    if (hash === undefined || hash === emptyHash) return NO_CODE
    const known = codes.get(hash)
    if (known !== undefined) return known
    const code: VmCode = { bytes: textToBytes(this.#read(address, Key.code) ?? ''), hash }
    codes.set(hash, code, code.bytes.length + CODE_OVERHEAD)
    return code
  }

  codeHash(address: Address): Uint8Array {
    return textToBytes(this.#read(address, Key.codeHash) ?? this.#shared.emptyHash)
  }

  setCode(address: Address, code: Uint8Array): void {
    this.#update(address, Key.code, bytesToText(code))
    this.#update(address, Key.codeHash, bytesToText(this.#shared.hash(code)))
  }

  storage(address: Address, slot: bigint): bigint {
    const { decimals } = this.#shared
    const value = this.#read(address, decimals.text(slot))
    return value === undefined ? 0n : decimals.value(value)
  }

  mayWriteStorage(address: Address, writer: Writer): boolean {
    return this.#table(address)?.isAuthorized(writer) ?? true
  }

  setStorage(address: Address, slot: bigint, value: bigint): void {
    const { decimals } = this.#shared
    this.#put(address, decimals.text(slot), decimals.text(value))
  }

  isFrozen(address: Address): boolean {
    return this.#read(address, Key.frozen) === 'true'
  }

  remainGas(address: Address): bigint | undefined {
    const gas = this.#read(address, Key.remainGas)
    return gas === undefined ? undefined : BigInt(gas)
  }

  setRemainGas(address: Address, gas: bigint): void {
    if (!this.exists(address)) this.#create(address, 0n)
    this.#put(address, Key.remainGas, String(gas))
  }

  kill(address: Address): void {
    this.#update(address, Key.nonce, '0')
    this.#update(address, Key.balance, '0')
    this.#update(address, Key.code, '')
    this.#update(address, Key.codeHash, this.#shared.emptyHash)
    this.#update(address, Key.alive, 'false')
  }

  #table(address: Address): Table | undefined {
    const open = this.#open.get(address)
    if (open !== undefined) return open
    const table = this.#tables.open(accountTable(address))
    if (table !== undefined) this.#open.set(address, table)
    return table
  }

  #read(address: Address, key: ByteText): ByteText | undefined {
    return this.#table(address)?.select(key)[0]?.get(VALUE)
  }

  #create(address: Address, nonce: bigint): void {
    const definition = { name: accountTable(address), keyField: 'key', valueFields: VALUE }
    if (this.#tables.create(definition, undefined) !== 0) return
    this.#insert(address, Key.balance, '0')
    this.#insert(address, Key.codeHash, this.#shared.emptyHash)
    this.#insert(address, Key.code, '')
    this.#insert(address, Key.nonce, String(nonce))
    this.#insert(address, Key.alive, 'true')
  }

  #insert(address: Address, key: ByteText, value: ByteText, replacesKey = false): void {
    const row = this.#tables.newEntry({ replacesKey })
    row.set(VALUE, value)
    this.#table(address)?.insert(key, row, undefined)
  }

  /** Changes a row in place; without such a row only the table's flag is set, which enters the state root. */
  #update(address: Address, key: ByteText, value: ByteText): number {
    const row = this.#tables.newEntry()
    row.set(VALUE, value)
    return this.#table(address)?.update(key, row, NOBODY) ?? 0
  }

  #put(address: Address, key: ByteText, value: ByteText): void {
    if (this.#update(address, key, value) === 0) this.#insert(address, key, value, true)
  }
}
