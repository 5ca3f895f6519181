/**
 * The accounts that sign.
 * @module
 */
import type { ConsoleCommand } from '../command.ts'
import { ArgumentError } from '../errors.ts'
import { fields, message } from '../output.ts'
import type { Parameter } from '../parameter.ts'

const FORMAT: Parameter = {
  name: 'format',
  kind: 'text',
  help: 'pem, a plain file (default), or p12, a file under a password',
  isOptional: true,
}

export const ACCOUNT_COMMANDS: readonly ConsoleCommand[] = [
  {
    name: 'newAccount',
    theme: 'accounts',
    summary: 'make an account and sign with it from now on',
    parameters: [FORMAT],
    details: 'A password is asked for on the terminal; it is never a part of the line.',
    example: 'newAccount',
    run: async (session, args) => {
      const format = args.optional('format') ?? 'pem'
      if (format !== 'pem' && format !== 'p12') {
        throw new ArgumentError('newAccount', 'format', `the format is pem or p12, not ${format}`)
      }
      const loaded = await (await session.accounts()).create(format)
      session.useAccount(loaded)
      return fields([
        ['AccountPath', loaded.file],
        ['newAccount', `0x${loaded.account.address}`],
        ['AccountType', loaded.account.suite.name === 'guomi' ? 'sm' : 'ecdsa'],
      ])
    },
  },
  {
    name: 'loadAccount',
    theme: 'accounts',
    summary: 'sign with another account from now on',
    parameters: [
      {
        name: 'accountFile',
        kind: 'account',
        help: 'an address whose file lies in the folder of accounts, or the path of a .pem or .p12',
      },
      { ...FORMAT, help: 'accepted for scripts of 2.x; the content of the file tells' },
    ],
    details: 'A password is asked for on the terminal; it is never a part of the line.',
    example: 'loadAccount 0x6fad87071f790c3234108f41b76bb99874a6d813',
    run: async (session, args) => {
      const loaded = await (await session.accounts()).load(args.get('accountFile'))
      session.useAccount(loaded)
      const address = `0x${loaded.account.address}`
      return message(`Load account ${address} success!`, { address, file: loaded.file })
    },
  },
  {
    name: 'listAccount',
    theme: 'accounts',
    summary: 'accounts of the folder, and which of them signs',
    parameters: [],
    example: 'listAccount',
    run: async (session) => {
      const current = `0x${(await session.account()).address}`
      const inFolder = await (await session.accounts()).addresses()
      const others = inFolder.filter((address) => address !== current)
      const lines = [`${current}(current account) <=`, ...others]
      return message(lines.join('\n'), { current, accounts: [current, ...others] })
    },
  },
  {
    name: 'getCurrentAccount',
    theme: 'accounts',
    summary: 'the account that signs',
    parameters: [],
    example: 'getCurrentAccount',
    run: async (session) => {
      const { address } = await session.account()
      return message(`0x${address}`, `0x${address}`)
    },
  },
]
