import { resultCodeMessage } from '@bcos-ts/protocol'
import { decodeAbi } from '@bcos-ts/protocol/abi'
import type { Account } from '../account.ts'
import type { Client } from '../client/client.ts'
import { codeOf } from '../client/failure.ts'
import { InvalidAnswerError, TableError } from '../errors.ts'
import { NativeAddress, NativeContract, type NativeResult } from './native-contract.ts'

/** One row; every value is text. */
export type TableRow = Readonly<Record<string, string>>

/** How a value is compared; numbers are written as text. */
export type TableOperation = 'eq' | 'ne' | 'gt' | 'ge' | 'lt' | 'le'

/** Bounds for rows, such as `{ price: { gt: '5' } }`. */
export type TableCondition = Readonly<
  Record<string, Readonly<Partial<Record<TableOperation | 'limit', string>>>>
>

/** Which of the rows that fit are wanted. */
export interface RowRange {
  /**
   * @default 0
   */
  readonly offset?: number
  readonly count: number
}

export interface TableDescription {
  readonly keyField: string
  readonly valueFields: readonly string[]
}

const WORD = 32

/** CRUD tables of a chain: `TableFactory` and `CRUD` (spec 03 §3.2, §3.3). */
export class Tables {
  readonly #factory: NativeContract
  readonly #crud: NativeContract

  constructor(client: Client, account: Account) {
    this.#factory = new NativeContract({ client, account }, NativeAddress.tableFactory)
    this.#crud = new NativeContract({ client, account }, NativeAddress.crud)
  }

  /** Codes: -50000, -50001 a table of this name exists. A name that cannot be one throws `SDK_TRANSACTION_FAILED`. */
  create(name: string, keyField: string, valueFields: readonly string[]): Promise<NativeResult> {
    const values = [name, keyField, valueFields.join(',')]
    return this.#factory.write({ signature: 'createTable(string,string,string)', values })
  }

  /** Codes: -50000, -50100 no such table; else the number of rows. */
  insert(name: string, key: string, row: TableRow): Promise<NativeResult> {
    const values = [name, key, JSON.stringify(row), '']
    return this.#crud.write({ signature: 'insert(string,string,string,string)', values })
  }

  /** Codes: as {@link insert}, -51502, -51503 the row holds the key. */
  update(
    name: string,
    key: string,
    row: TableRow,
    where: TableCondition = {},
  ): Promise<NativeResult> {
    const values = [name, key, JSON.stringify(row), JSON.stringify(where), '']
    return this.#crud.write({ signature: 'update(string,string,string,string,string)', values })
  }

  remove(name: string, key: string, where: TableCondition = {}): Promise<NativeResult> {
    const values = [name, key, JSON.stringify(where), '']
    return this.#crud.write({ signature: 'remove(string,string,string,string)', values })
  }

  /** Rows of a key, as far as they fit. Throws `SDK_TABLE_ERROR` with the contract's code. */
  async select(
    name: string,
    key: string,
    where: TableCondition = {},
    range?: RowRange,
  ): Promise<readonly TableRow[]> {
    const limit = range && { limit: { limit: `${range.offset ?? 0},${range.count}` } }
    const values = [name, key, JSON.stringify({ ...where, ...limit }), '']
    const signature = 'select(string,string,string,string)'
    const output = await this.#crud.readOutput({ signature, values })
    if (output.length === WORD) {
      const code = codeOf(output) ?? 0
      throw new TableError(name, code, resultCodeMessage(code))
    }
    const [text] = decodeAbi(['string'], output)
    try {
      const rows: readonly TableRow[] = JSON.parse(String(text))
      return rows
    } catch (error) {
      throw new InvalidAnswerError('select', 'JSON is expected', error)
    }
  }

  /** `undefined` when there is no such table. */
  async desc(name: string): Promise<TableDescription | undefined> {
    const [keyField, valueFields] = await this.#crud.read({
      signature: 'desc(string)',
      values: [name],
      outputs: ['string', 'string'],
    })
    if (keyField === '' || keyField === undefined) return undefined
    return { keyField: String(keyField), valueFields: String(valueFields).split(',') }
  }
}
