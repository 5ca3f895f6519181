import { bytesToText, type ByteText, EMPTY_BYTES, LruMap, textToBytes } from '@bcos-ts/common'
import { accountTable, type Address } from '@bcos-ts/protocol'
import type {
  AccountState,
  CreateAccountState,
  StateTables,
  Table,
  VmCode,
  Writer,
} from '@bcos-ts/protocol/ports'

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
const CODES_MAX = 1024
const NO_CODE: VmCode = { bytes: EMPTY_BYTES }

/** Accounts in tables. The returned factory shares one cache of contract code between all blocks. */
export function tableAccountState(hash: (message: Uint8Array) => Uint8Array): CreateAccountState {
  const codes = new LruMap<ByteText, VmCode>(CODES_MAX)
  const emptyHash = bytesToText(hash(EMPTY_BYTES))
  return (tables) => new TableAccountState(tables, { hash, codes, emptyHash })
}

interface Shared {
  readonly hash: (message: Uint8Array) => Uint8Array
  readonly codes: LruMap<ByteText, VmCode>
  readonly emptyHash: ByteText
}

class TableAccountState implements AccountState {
  readonly #tables: StateTables
  readonly #shared: Shared

  constructor(tables: StateTables, shared: Shared) {
    this.#tables = tables
    this.#shared = shared
  }

  exists(address: Address): boolean {
    return this.#open(address) !== undefined
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
    return (this.#open(address)?.select(Key.authority) ?? []).map((row) => row.get(VALUE) ?? '')
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
    codes.set(hash, code)
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
    const value = this.#read(address, String(slot))
    return value === undefined ? 0n : BigInt(value)
  }

  mayWriteStorage(address: Address, writer: Writer): boolean {
    return this.#open(address)?.isAuthorized(writer) ?? true
  }

  setStorage(address: Address, slot: bigint, value: bigint): void {
    this.#put(address, String(slot), String(value))
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

  #open(address: Address): Table | undefined {
    return this.#tables.open(accountTable(address))
  }

  #read(address: Address, key: ByteText): ByteText | undefined {
    return this.#open(address)?.select(key)[0]?.get(VALUE)
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
    this.#open(address)?.insert(key, row, undefined)
  }

  /** Changes a row in place; without such a row only the table's flag is set, which enters the state root. */
  #update(address: Address, key: ByteText, value: ByteText): void {
    const row = this.#tables.newEntry()
    row.set(VALUE, value)
    this.#open(address)?.update(key, row, { writer: undefined })
  }

  #put(address: Address, key: ByteText, value: ByteText): void {
    if (this.#read(address, key) === undefined) this.#insert(address, key, value, true)
    else this.#update(address, key, value)
  }
}
