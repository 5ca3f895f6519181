import { SystemTableName } from '@bcos-ts/protocol'
import type { Address } from '@bcos-ts/protocol'
import { address0x } from '../client/hex.ts'
import { JsonReader, readList } from '../json/read.ts'
import {
  NativeAddress,
  NativeContract,
  type NativeResult,
  type NativeUser,
} from './native-contract.ts'

/** A permission that an account has. */
export interface PermissionEntry {
  readonly address: string
  readonly tableName: string
  /** The first block in which it counts. */
  readonly enableNumber: number
}

/** What a permission is for: each stands for a table of the chain. */
export type PermissionKind =
  /** Deploying contracts and creating tables. */
  | 'deployAndCreate'
  /** Giving and taking permissions; governed by the committee from 2.5 on. */
  | 'permission'
  /** Adding and removing nodes. */
  | 'node'
  | 'cns'
  /** Setting parameters of the group. */
  | 'systemConfig'

const TABLES: Readonly<Record<PermissionKind, string>> = {
  deployAndCreate: SystemTableName.tables,
  permission: SystemTableName.tableAccess,
  node: SystemTableName.consensus,
  cns: SystemTableName.cns,
  systemConfig: SystemTableName.config,
}

/**
 * Who may write what: `Permission` (spec 03 §3.6). A table that no account has a permission for may be written by
 * all. Codes of grants: -50000, -50102, -51000 has it already, -51004 only by vote, -52005 is in the committee;
 * of revocations -50000, -51001 does not have it, -51004.
 */
export class Permission {
  readonly #contract: NativeContract

  constructor(user: NativeUser) {
    this.#contract = new NativeContract(user, NativeAddress.permission)
  }

  grant(kind: PermissionKind, account: Address): Promise<NativeResult> {
    return this.#insert(TABLES[kind], account)
  }

  revoke(kind: PermissionKind, account: Address): Promise<NativeResult> {
    return this.#remove(TABLES[kind], account)
  }

  list(kind: PermissionKind): Promise<readonly PermissionEntry[]> {
    return this.#list(TABLES[kind])
  }

  /** Writing rows of a user's table. */
  grantUserTable(table: string, account: Address): Promise<NativeResult> {
    return this.#insert(table, account)
  }

  revokeUserTable(table: string, account: Address): Promise<NativeResult> {
    return this.#remove(table, account)
  }

  listUserTable(table: string): Promise<readonly PermissionEntry[]> {
    return this.#list(table)
  }

  grantDeployAndCreate(account: Address): Promise<NativeResult> {
    return this.grant('deployAndCreate', account)
  }

  revokeDeployAndCreate(account: Address): Promise<NativeResult> {
    return this.revoke('deployAndCreate', account)
  }

  listDeployAndCreate(): Promise<readonly PermissionEntry[]> {
    return this.list('deployAndCreate')
  }

  grantPermissionManager(account: Address): Promise<NativeResult> {
    return this.grant('permission', account)
  }

  revokePermissionManager(account: Address): Promise<NativeResult> {
    return this.revoke('permission', account)
  }

  listPermissionManagers(): Promise<readonly PermissionEntry[]> {
    return this.list('permission')
  }

  grantNodeManager(account: Address): Promise<NativeResult> {
    return this.grant('node', account)
  }

  revokeNodeManager(account: Address): Promise<NativeResult> {
    return this.revoke('node', account)
  }

  listNodeManagers(): Promise<readonly PermissionEntry[]> {
    return this.list('node')
  }

  grantCnsManager(account: Address): Promise<NativeResult> {
    return this.grant('cns', account)
  }

  revokeCnsManager(account: Address): Promise<NativeResult> {
    return this.revoke('cns', account)
  }

  listCnsManagers(): Promise<readonly PermissionEntry[]> {
    return this.list('cns')
  }

  grantSystemConfigManager(account: Address): Promise<NativeResult> {
    return this.grant('systemConfig', account)
  }

  revokeSystemConfigManager(account: Address): Promise<NativeResult> {
    return this.revoke('systemConfig', account)
  }

  listSystemConfigManagers(): Promise<readonly PermissionEntry[]> {
    return this.list('systemConfig')
  }

  /** Calling the writing functions of a contract. Codes: -50000 not its manager, -51000, -51003 no contract. */
  grantContractWrite(contract: Address, account: Address): Promise<NativeResult> {
    const values = [address0x(contract), address0x(account)]
    return this.#contract.write({ signature: 'grantWrite(address,address)', values })
  }

  /** Codes: -50000 not its manager, -51001. */
  revokeContractWrite(contract: Address, account: Address): Promise<NativeResult> {
    const values = [address0x(contract), address0x(account)]
    return this.#contract.write({ signature: 'revokeWrite(address,address)', values })
  }

  async listContractWrite(contract: Address): Promise<readonly PermissionEntry[]> {
    const signature = 'queryPermission(address)'
    const values = [address0x(contract)]
    return readList(signature, await this.#contract.readJson({ signature, values }), readEntry)
  }

  #insert(table: string, account: Address): Promise<NativeResult> {
    const values = [table, address0x(account)]
    return this.#contract.write({ signature: 'insert(string,string)', values })
  }

  #remove(table: string, account: Address): Promise<NativeResult> {
    const values = [table, address0x(account)]
    return this.#contract.write({ signature: 'remove(string,string)', values })
  }

  async #list(table: string): Promise<readonly PermissionEntry[]> {
    const signature = 'queryByName(string)'
    const found = await this.#contract.readJson({ signature, values: [table] })
    return readList(signature, found, readEntry)
  }
}

function readEntry(method: string, value: unknown): PermissionEntry {
  const json = new JsonReader(method, value)
  return {
    address: json.text('address'),
    tableName: json.text('table_name'),
    enableNumber: json.number('enable_num'),
  }
}
