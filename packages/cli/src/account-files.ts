/**
 * Where accounts lie on disk, and how they are named.
 * @module
 */
import { mkdir, readdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { SuiteName } from '@bcos-ts/crypto'
import {
  curveOf,
  type EcKeyPair,
  encodePkcs12,
  generateAccountKey,
  privateKeyToPem,
  publicKeyToPem,
} from '@bcos-ts/crypto/key-file'
import { UnwritableFileError } from './errors.ts'
import { systemReasonOf, writeNew } from './files.ts'
import { addressOf } from './key-material.ts'

/** Where the SDKs of 2.x keep accounts of a suite, under the folder of all accounts (spec 01 §3.6). */
export const SUITE_FOLDERS: Readonly<Record<SuiteName, string>> = { standard: 'ecdsa', guomi: 'gm' }
export const ACCOUNT_FOLDER_DEFAULT = 'account'

const ACCOUNT_FILE = /^(0x[0-9a-f]{40})\.(pem|p12)$/

export type PrivateKeyFormat = 'pem' | 'p12'

/** What the name of a file says about the account in it, or `undefined` for a file of something else. */
export function readAccountFileName(
  file: string,
): { readonly address: string; readonly format: PrivateKeyFormat } | undefined {
  const [, address, format] = ACCOUNT_FILE.exec(basename(file)) ?? []
  if (address === undefined) return undefined
  return { address, format: format === 'p12' ? 'p12' : 'pem' }
}

/** Files of accounts in a folder, by name; `undefined` when there is no such folder. */
export async function accountFilesIn(folder: string): Promise<readonly string[] | undefined> {
  const names = await readdir(folder).catch(() => undefined)
  return names
    ?.filter((name) => readAccountFileName(name) !== undefined)
    .toSorted()
    .map((name) => join(folder, name))
}

export interface NewAccount {
  /** Folder of all accounts. */
  readonly folder: string
  readonly suite: SuiteName
  readonly format: PrivateKeyFormat
  /** Called for a p12 only. */
  askPassword(address: string): Promise<string>
}

/** Makes an account and writes it down. Throws `CLI_FILE_UNWRITABLE`, or what asking for the password throws. */
export async function createAccountFile(
  init: NewAccount,
): Promise<{ readonly address: string; readonly file: string; readonly key: EcKeyPair }> {
  const key = generateAccountKey(curveOf(init.suite))
  const address = addressOf(key)
  const content =
    init.format === 'pem'
      ? privateKeyToPem(key)
      : encodePkcs12(key, await init.askPassword(address))
  const file = join(init.folder, SUITE_FOLDERS[init.suite], `${address}.${init.format}`)
  const folder = dirname(file)
  await mkdir(folder, { recursive: true }).catch((error: unknown) => {
    throw new UnwritableFileError(folder, systemReasonOf(error), error)
  })
  await writeNew(file, content, 0o600)
  await writeNew(`${file}.pub`, publicKeyToPem(key), 0o644)
  return { address, file, key }
}
