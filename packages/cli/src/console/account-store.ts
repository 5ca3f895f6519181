/**
 * Accounts of the console: keys in a folder, one of them in use.
 * @module
 */
import { join } from 'node:path'
import type { CryptoSuite, SuiteName } from '@bcos-ts/crypto'
import { curveOf } from '@bcos-ts/crypto/key-file'
import { type Account, accountOf } from '@bcos-ts/sdk'
import {
  accountFilesIn,
  createAccountFile,
  type PrivateKeyFormat,
  readAccountFileName,
  SUITE_FOLDERS,
} from '../account-files.ts'
import { readAccountKey } from '../key-material.ts'
import { ConsoleStateError } from './errors.ts'

export interface AccountStoreInit {
  /** Folder of all accounts. */
  readonly folder: string
  readonly suite: CryptoSuite
  readonly askPassword: (what: string, isNew: boolean) => Promise<string>
}

export interface LoadedAccount {
  readonly account: Account
  readonly file: string
}

export class AccountStore {
  readonly #init: AccountStoreInit

  constructor(init: AccountStoreInit) {
    this.#init = init
  }

  /** Files of accounts of this suite: of its own folder, and of the folder of all. */
  async files(): Promise<readonly string[]> {
    const { folder } = this.#init
    const own = await accountFilesIn(join(folder, SUITE_FOLDERS[this.#suite]))
    return [...(own ?? []), ...((await accountFilesIn(folder)) ?? [])]
  }

  /** Addresses of {@link files}, as their names say. */
  async addresses(): Promise<readonly string[]> {
    const named = (await this.files()).flatMap((file) => readAccountFileName(file)?.address ?? [])
    return [...new Set(named)]
  }

  async create(format: PrivateKeyFormat): Promise<LoadedAccount> {
    const { folder, suite, askPassword } = this.#init
    const { file, key } = await createAccountFile({
      folder,
      suite: suite.name,
      format,
      askPassword: async (address) => askPassword(`the account ${address}`, true),
    })
    return { account: accountOf(key.secretKey, suite), file }
  }

  /**
   * Loads the account of a file, or of an address whose file lies in the folder.
   * Throws `CONSOLE_STATE`, `CLI_FILE_UNREADABLE`, and the errors of key files.
   */
  async load(fileOrAddress: string): Promise<LoadedAccount> {
    const { suite, askPassword } = this.#init
    const file = await this.#fileOf(fileOrAddress)
    const key = await readAccountKey(file, async () => askPassword(file, false))
    if (key.curve !== curveOf(suite.name)) {
      throw new ConsoleStateError(
        file,
        `its key is for ${key.curve === 'sm2' ? 'guomi' : 'standard'} chains, and this chain is a ${suite.name} one`,
      )
    }
    return { account: accountOf(key.secretKey, suite), file }
  }

  /** The first account that needs no password, or a new one: what a console without `--account` signs with. */
  async loadAny(): Promise<LoadedAccount & { readonly isNew: boolean }> {
    const files = await this.files()
    const plain = files.find((file) => readAccountFileName(file)?.format === 'pem')
    if (plain !== undefined) return { ...(await this.load(plain)), isNew: false }
    return { ...(await this.create('pem')), isNew: true }
  }

  get #suite(): SuiteName {
    return this.#init.suite.name
  }

  async #fileOf(fileOrAddress: string): Promise<string> {
    if (!/^(?:0x)?[0-9a-f]{40}$/i.test(fileOrAddress)) return fileOrAddress
    const address = `0x${fileOrAddress.toLowerCase().replace(/^0x/, '')}`
    const found = (await this.files()).find(
      (file) => readAccountFileName(file)?.address === address,
    )
    if (found !== undefined) return found
    throw new ConsoleStateError(
      address,
      `no account of this address lies in ${this.#init.folder}; give the path of its file, or name another folder with --accounts`,
    )
  }
}
