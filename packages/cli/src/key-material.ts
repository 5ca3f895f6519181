/**
 * Files that hold a key in one form or another.
 * @module
 */
import { isBcosError, toHex } from '@bcos-ts/common'
import { guomiSuite, nodeIdOf, standardSuite, type SuiteName } from '@bcos-ts/crypto'
import { certificatesFromPem } from '@bcos-ts/crypto/certificate'
import {
  type Curve,
  decodePkcs12,
  type EcKeyPair,
  type EcPublicKey,
  privateKeyFromPem,
  publicKeyFromPem,
} from '@bcos-ts/crypto/key-file'
import { UnreadableFileError } from './errors.ts'
import { readBytes, readText } from './files.ts'

/** With which a PKCS#12 store begins, and no PEM text. */
const DER_SEQUENCE = 0x30

/** How an account is kept. */
type AccountFormat = 'pem' | 'p12' | 'public key'

export interface AccountFile {
  readonly format: AccountFormat
  readonly suite: SuiteName
  /** 0x and 40 hexadecimal digits. */
  readonly address: string
  /** X || Y, 64 bytes. */
  readonly publicKey: Uint8Array
}

function suiteOf(curve: Curve): SuiteName {
  return curve === 'sm2' ? 'guomi' : 'standard'
}

/** The address that a key owns, with 0x. */
export function addressOf({ curve, publicKey }: EcPublicKey): string {
  const suite = curve === 'sm2' ? guomiSuite : standardSuite
  return `0x${toHex(suite.address(publicKey))}`
}

/**
 * Reads an account of any format. `askPassword` is called when one is needed.
 * Throws `CLI_FILE_UNREADABLE` and the errors of `@bcos-ts/crypto/key-file`.
 */
export async function readAccount(
  file: string,
  askPassword: () => Promise<string>,
): Promise<AccountFile> {
  const bytes = await readBytes(file)
  if (bytes[0] === DER_SEQUENCE) return accountOf('p12', await keyOf(bytes, askPassword))
  const text = new TextDecoder().decode(bytes)
  if (text.includes('-----BEGIN PUBLIC KEY-----')) {
    return accountOf('public key', publicKeyFromPem(text))
  }
  return accountOf('pem', await keyOf(bytes, askPassword))
}

/**
 * Reads the key of an account that can sign. `askPassword` is called when one is needed.
 * Throws `CLI_FILE_UNREADABLE` and the errors of `@bcos-ts/crypto/key-file`.
 */
export async function readAccountKey(
  file: string,
  askPassword: () => Promise<string>,
): Promise<EcKeyPair> {
  return keyOf(await readBytes(file), askPassword)
}

async function keyOf(bytes: Uint8Array, askPassword: () => Promise<string>): Promise<EcKeyPair> {
  if (bytes[0] === DER_SEQUENCE) return decodePkcs12(bytes, await askPassword()).key
  const text = new TextDecoder().decode(bytes)
  const isEncrypted = text.includes('-----BEGIN ENCRYPTED PRIVATE KEY-----')
  return privateKeyFromPem(text, isEncrypted ? await askPassword() : undefined)
}

function accountOf(format: AccountFormat, key: EcPublicKey): AccountFile {
  const { curve, publicKey } = key
  return { format, suite: suiteOf(curve), address: addressOf(key), publicKey }
}

/** The node id that a key, a certificate or a `node.nodeid` file names. Throws `CLI_FILE_UNREADABLE`. */
export async function nodeIdOfFile(file: string): Promise<string> {
  const text = (await readText(file)).trim()
  if (/^[0-9a-fA-F]{128}$/.test(text)) return text.toLowerCase()
  try {
    return nodeIdOfPem(text, file)
  } catch (error) {
    if (!isBcosError(error)) throw error
    throw new UnreadableFileError(file, `it names no node: ${error.message}`, error)
  }
}

function nodeIdOfPem(text: string, file: string): string {
  if (text.includes('-----BEGIN CERTIFICATE-----')) {
    const { key } = certificatesFromPem(text)[0]
    if (key.kind === 'ec') return key.nodeId
    throw new UnreadableFileError(file, 'the key of its certificate is not one of a node')
  }
  const isPublic = text.includes('-----BEGIN PUBLIC KEY-----')
  const { publicKey } = isPublic ? publicKeyFromPem(text) : privateKeyFromPem(text)
  return nodeIdOf(publicKey)
}
