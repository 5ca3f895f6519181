/**
 * Who may write what.
 * @module
 */
import { Permission, type PermissionEntry, type PermissionKind } from '@bcos-ts/sdk'
import type { ConsoleCommand } from '../command.ts'
import { resultOutput } from '../native.ts'
import { type Output, table } from '../output.ts'
import type { Parameter } from '../parameter.ts'
import type { Session } from '../session.ts'

const ACCOUNT: Parameter = { name: 'account', kind: 'address', help: 'address of the account' }
const TABLE: Parameter = { name: 'tableName', kind: 'table', help: 'name of the table' }
const CONTRACT: Parameter = {
  name: 'contractAddress',
  kind: 'address',
  help: 'address of the contract',
}

const ACCOUNT_EXAMPLE = '0xc0d0e6ccc0b44c12196266548bec4a3616160e7d'
const CONTRACT_EXAMPLE = '0xc0ce097a5757e2b6e189aa70c7d55770ace47767'

/** A permission, as its three commands name it. */
interface Right {
  /** What stands between `grant` and the end, and the same behind `list` and `revoke`. */
  readonly name: string
  /** Completes "who may …". */
  readonly what: string
  readonly kind: PermissionKind
}

const RIGHTS: readonly Right[] = [
  {
    name: 'DeployAndCreateManager',
    what: 'deploy contracts and create tables',
    kind: 'deployAndCreate',
  },
  { name: 'PermissionManager', what: 'grant and revoke permissions', kind: 'permission' },
  { name: 'NodeManager', what: 'add and remove nodes', kind: 'node' },
  { name: 'CNSManager', what: 'register names of contracts', kind: 'cns' },
  { name: 'SysConfigManager', what: 'set parameters of the group', kind: 'systemConfig' },
]

async function permission(session: Session): Promise<Permission> {
  return new Permission(await session.user())
}

function listOutput(entries: readonly PermissionEntry[]): Output {
  return table(
    ['address', 'enable_num'],
    entries.map(({ address, enableNumber }) => [address, enableNumber]),
    'Nobody has this permission of their own: it is open to all.',
  )
}

function commandsOf({ name, what, kind }: Right): readonly ConsoleCommand[] {
  const theme = 'permissions' as const
  return [
    {
      name: `grant${name}`,
      theme,
      summary: `let an account ${what}; all that were not granted it may not any more`,
      parameters: [ACCOUNT],
      example: `grant${name} ${ACCOUNT_EXAMPLE}`,
      run: async (session, args) =>
        resultOutput(
          `grant${name}`,
          await (await permission(session)).grant(kind, args.get('account')),
        ),
    },
    {
      name: `revoke${name}`,
      theme,
      summary: `take from an account the permission to ${what}`,
      parameters: [ACCOUNT],
      example: `revoke${name} ${ACCOUNT_EXAMPLE}`,
      run: async (session, args) =>
        resultOutput(
          `revoke${name}`,
          await (await permission(session)).revoke(kind, args.get('account')),
        ),
    },
    {
      name: `list${name}`,
      theme,
      summary: `who may ${what}`,
      parameters: [],
      example: `list${name}`,
      run: async (session) => listOutput(await (await permission(session)).list(kind)),
    },
  ]
}

export const PERMISSION_COMMANDS: readonly ConsoleCommand[] = [
  ...RIGHTS.flatMap(commandsOf),
  {
    name: 'grantUserTableManager',
    theme: 'permissions',
    summary: 'let an account write a table; all that were not granted it may not any more',
    parameters: [TABLE, ACCOUNT],
    example: `grantUserTableManager t_test ${ACCOUNT_EXAMPLE}`,
    run: async (session, args) => {
      const [name, account] = [args.get('tableName'), args.get('account')]
      const result = await (await permission(session)).grantUserTable(name, account)
      return resultOutput('grantUserTableManager', result)
    },
  },
  {
    name: 'revokeUserTableManager',
    theme: 'permissions',
    summary: 'take from an account the permission to write a table',
    parameters: [TABLE, ACCOUNT],
    example: `revokeUserTableManager t_test ${ACCOUNT_EXAMPLE}`,
    run: async (session, args) => {
      const [name, account] = [args.get('tableName'), args.get('account')]
      const result = await (await permission(session)).revokeUserTable(name, account)
      return resultOutput('revokeUserTableManager', result)
    },
  },
  {
    name: 'listUserTableManager',
    theme: 'permissions',
    summary: 'who may write a table',
    parameters: [TABLE],
    example: 'listUserTableManager t_test',
    run: async (session, args) =>
      listOutput(await (await permission(session)).listUserTable(args.get('tableName'))),
  },
  {
    name: 'grantContractWritePermission',
    theme: 'permissions',
    summary: 'let an account write by a contract; all that were not granted it may not any more',
    parameters: [CONTRACT, ACCOUNT],
    example: `grantContractWritePermission ${CONTRACT_EXAMPLE} ${ACCOUNT_EXAMPLE}`,
    run: async (session, args) => {
      const [contract, account] = [args.get('contractAddress'), args.get('account')]
      const result = await (await permission(session)).grantContractWrite(contract, account)
      return resultOutput('grantContractWritePermission', result)
    },
  },
  {
    name: 'revokeContractWritePermission',
    theme: 'permissions',
    summary: 'take from an account the permission to write by a contract',
    parameters: [CONTRACT, ACCOUNT],
    example: `revokeContractWritePermission ${CONTRACT_EXAMPLE} ${ACCOUNT_EXAMPLE}`,
    run: async (session, args) => {
      const [contract, account] = [args.get('contractAddress'), args.get('account')]
      const result = await (await permission(session)).revokeContractWrite(contract, account)
      return resultOutput('revokeContractWritePermission', result)
    },
  },
  {
    name: 'listContractWritePermission',
    theme: 'permissions',
    summary: 'who may write by a contract',
    parameters: [CONTRACT],
    example: `listContractWritePermission ${CONTRACT_EXAMPLE}`,
    run: async (session, args) =>
      listOutput(await (await permission(session)).listContractWrite(args.get('contractAddress'))),
  },
]
