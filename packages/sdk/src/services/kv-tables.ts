import type { Account } from '../account.ts'
import type { Client } from '../client/client.ts'
import { NativeAddress, NativeContract, type NativeResult } from './native-contract.ts'
import { type TableRow, Tables } from './tables.ts'

/**
 * Tables of one row a key: `KVTableFactory` (spec 03 §3.11). Rows are read and written here as those of any
 * table; contracts use `KVTable` objects for the same rows.
 */
export class KvTables {
  readonly #factory: NativeContract
  readonly #tables: Tables

  constructor(client: Client, account: Account) {
    this.#factory = new NativeContract({ client, account }, NativeAddress.kvTableFactory)
    this.#tables = new Tables(client, account)
  }

  /** Codes: -50001 a table of this name exists. Anything else that is wrong throws `SDK_TRANSACTION_FAILED`. */
  create(name: string, keyField: string, valueFields: readonly string[]): Promise<NativeResult> {
    const values = [name, keyField, valueFields.join(',')]
    return this.#factory.write({ signature: 'createTable(string,string,string)', values })
  }

  /** Writes the row of a key, whether there was one or not. */
  async set(name: string, key: string, row: TableRow): Promise<NativeResult> {
    const isThere = (await this.get(name, key)) !== undefined
    return isThere ? this.#tables.update(name, key, row) : this.#tables.insert(name, key, row)
  }

  async get(name: string, key: string): Promise<TableRow | undefined> {
    const [row] = await this.#tables.select(name, key)
    return row
  }

  /** Whether there is such a table. */
  async exists(name: string): Promise<boolean> {
    return (await this.#tables.desc(name)) !== undefined
  }
}
