import { concatBytes } from '@bcos-ts/common'
import { decodeAbi, encodeAbi, selectorOf } from '@bcos-ts/protocol/abi'
import type { Account } from './account.ts'
import type { Client } from './client.ts'
import { InvalidAnswerError } from './errors.ts'

const TABLE_FACTORY = '1001'.padStart(40, '0')
const CRUD = '1002'.padStart(40, '0')

/** One row; every value is text. */
export type TableRow = Readonly<Record<string, string>>

/** Bounds for rows, such as `{ price: { gt: '5' } }`. */
export type TableCondition = Readonly<Record<string, Readonly<Record<string, string>>>>

/** CRUD tables of a chain. Numbers that come back are of rows; negative ones are codes of the node (spec 03). */
export class Tables {
  readonly #client: Client
  readonly #account: Account

  constructor(client: Client, account: Account) {
    this.#client = client
    this.#account = account
  }

  create(name: string, keyField: string, valueFields: readonly string[]): Promise<number> {
    const values = [name, keyField, valueFields.join(',')]
    return this.#write(TABLE_FACTORY, 'createTable(string,string,string)', values)
  }

  insert(name: string, key: string, row: TableRow): Promise<number> {
    const values = [name, key, JSON.stringify(row), '']
    return this.#write(CRUD, 'insert(string,string,string,string)', values)
  }

  update(name: string, key: string, row: TableRow, where: TableCondition = {}): Promise<number> {
    const values = [name, key, JSON.stringify(row), JSON.stringify(where), '']
    return this.#write(CRUD, 'update(string,string,string,string,string)', values)
  }

  remove(name: string, key: string, where: TableCondition = {}): Promise<number> {
    const values = [name, key, JSON.stringify(where), '']
    return this.#write(CRUD, 'remove(string,string,string,string)', values)
  }

  async select(
    name: string,
    key: string,
    where: TableCondition = {},
  ): Promise<readonly TableRow[]> {
    const values = [name, key, JSON.stringify(where), '']
    const data = this.#encode('select(string,string,string,string)', values)
    const { output } = await this.#client.call(this.#account.address, CRUD, data)
    if (output.length === 32) {
      const [code] = decodeAbi(['int256'], output)
      throw new InvalidAnswerError('select', `the node answers with code ${String(code)}`)
    }
    const [text] = decodeAbi(['string'], output)
    const rows: readonly TableRow[] = JSON.parse(String(text))
    return rows
  }

  async #write(to: string, signature: string, values: readonly string[]): Promise<number> {
    const data = this.#encode(signature, values)
    const { output } = await this.#client.send(this.#account, { to, data })
    const [code] = decodeAbi(['int256'], output)
    return Number(code)
  }

  #encode(signature: string, values: readonly string[]): Uint8Array {
    const types = values.map(() => 'string')
    return concatBytes(selectorOf(signature, this.#account.suite), encodeAbi(types, values))
  }
}
