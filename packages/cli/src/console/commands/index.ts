/**
 * All commands of the console. A command is found in the file of its theme.
 * @module
 */
import type { ConsoleCommand } from '../command.ts'
import { ACCOUNT_COMMANDS } from './accounts.ts'
import { BLOCK_COMMANDS } from './blocks.ts'
import { CNS_COMMANDS } from './cns.ts'
import { COMMITTEE_COMMANDS } from './committee.ts'
import { CONSOLE_COMMANDS, helpCommand } from './console.ts'
import { CONTRACT_COMMANDS } from './contracts.ts'
import { GAS_COMMANDS } from './gas.ts'
import { GROUP_COMMANDS } from './groups.ts'
import { MESSAGE_COMMANDS } from './messages.ts'
import { NODE_COMMANDS } from './nodes.ts'
import { PERMISSION_COMMANDS } from './permissions.ts'
import { QUERY_COMMANDS } from './queries.ts'
import { STATUS_COMMANDS } from './status.ts'
import { TABLE_COMMANDS } from './tables.ts'

export const COMMANDS: readonly ConsoleCommand[] = [
  helpCommand(() => COMMANDS),
  ...CONSOLE_COMMANDS,
  ...ACCOUNT_COMMANDS,
  ...CONTRACT_COMMANDS,
  ...CNS_COMMANDS,
  ...TABLE_COMMANDS,
  ...QUERY_COMMANDS,
  ...BLOCK_COMMANDS,
  ...NODE_COMMANDS,
  ...PERMISSION_COMMANDS,
  ...STATUS_COMMANDS,
  ...COMMITTEE_COMMANDS,
  ...GAS_COMMANDS,
  ...GROUP_COMMANDS,
  ...MESSAGE_COMMANDS,
]
