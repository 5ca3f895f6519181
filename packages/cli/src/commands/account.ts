import { basename, dirname, join } from 'node:path'
import { isBcosError, toHex } from '@bcos-ts/common'
import type { SuiteName } from '@bcos-ts/crypto'
import { Option } from 'commander'
import {
  ACCOUNT_FOLDER_DEFAULT,
  accountFilesIn,
  createAccountFile,
  type PrivateKeyFormat,
  readAccountFileName,
  SUITE_FOLDERS,
} from '../account-files.ts'
import { EXIT_OK, UnreadableFileError, UsageError } from '../errors.ts'
import { readAccount } from '../key-material.ts'
import { existingPassword, newPassword } from '../password.ts'
import { fieldsOf, tableOf } from '../table.ts'
import type { Terminal } from '../terminal.ts'
import type { CommandContext } from './context.ts'

interface NewOptions {
  readonly suite: SuiteName
  readonly format: PrivateKeyFormat
  readonly passwordFile?: string
  readonly output: string
}

interface ShowOptions {
  readonly passwordFile?: string
}

export function addAccount({ program, terminal, action }: CommandContext): void {
  const account = program.command('account').description('make, show and list accounts')
  account
    .command('new')
    .description('make an account: a key, and the address that it owns')
    .addOption(
      new Option('--suite <suite>', 'cryptography of the chain')
        .choices(['standard', 'guomi'])
        .default('standard'),
    )
    .addOption(
      new Option('--format <format>', 'a plain file, or one under a password')
        .choices(['pem', 'p12'])
        .default('pem'),
    )
    .option('--password-file <file>', 'take the password of a p12 from the first line of a file')
    .option('-o, --output <folder>', 'folder of all accounts', ACCOUNT_FOLDER_DEFAULT)
    .action(action(async (options: NewOptions) => makeAccount(terminal, options)))
  account
    .command('show')
    .description('show the address and the public key of an account')
    .argument('<file>', 'PEM or PKCS#12 file')
    .option('--password-file <file>', 'take the password from the first line of a file')
    .action(
      action(async (file: string, options: ShowOptions) => showAccount(terminal, file, options)),
    )
  account
    .command('list')
    .description('list the accounts of a folder')
    .argument('[folder]', 'folder of all accounts', ACCOUNT_FOLDER_DEFAULT)
    .action(action(async (folder: string) => listAccounts(terminal, folder)))
}

async function makeAccount(terminal: Terminal, options: NewOptions): Promise<number> {
  const { suite, format, passwordFile, output } = options
  if (format === 'pem' && passwordFile !== undefined) {
    throw new UsageError('--password-file', 'a pem file has no password: add --format p12')
  }
  const { address, file } = await createAccountFile({
    folder: output,
    suite,
    format,
    askPassword: async (owner) => newPassword(terminal, `the account ${owner}`, passwordFile),
  })
  terminal.print(
    fieldsOf(terminal, [
      ['address', address],
      ['suite', suite],
      ['file', file],
      ['public key', `${file}.pub`],
    ]),
  )
  return EXIT_OK
}

async function showAccount(
  terminal: Terminal,
  file: string,
  { passwordFile }: ShowOptions,
): Promise<number> {
  const found = await readAccount(file, async () => existingPassword(terminal, file, passwordFile))
  terminal.print(
    fieldsOf(terminal, [
      ['address', found.address],
      ['suite', found.suite],
      ['format', found.format],
      ['public key', toHex(found.publicKey)],
    ]),
  )
  return EXIT_OK
}

async function listAccounts(terminal: Terminal, folder: string): Promise<number> {
  const folders = [folder, ...Object.values(SUITE_FOLDERS).map((name) => join(folder, name))]
  const [own, ...inner] = await Promise.all(folders.map(accountFilesIn))
  if (own === undefined) {
    throw new UnreadableFileError(folder, 'there is no such folder; "account new" makes one')
  }
  const files = [own, ...inner].flatMap((found) => found ?? [])
  const rows = await Promise.all(files.map(describeAccount))
  terminal.print(tableOf(terminal, ['address', 'suite', 'format', 'file'], rows))
  return EXIT_OK
}

/** A PEM file is believed by its key, a PKCS#12 file by its name and folder: passwords are not asked for. */
async function describeAccount(file: string): Promise<readonly string[]> {
  const { address: named = '', format = 'pem' } = readAccountFileName(file) ?? {}
  const byFolder = basename(dirname(file)) === SUITE_FOLDERS.guomi ? 'guomi' : 'standard'
  if (format === 'p12') return [named, byFolder, format, file]
  try {
    const { address, suite } = await readAccount(file, async () => '')
    const note = address === named ? '' : ' (not what the file is named)'
    return [`${address}${note}`, suite, format, file]
  } catch (error) {
    if (!isBcosError(error)) throw error
    return [`(${error.message})`, byFolder, format, file]
  }
}
