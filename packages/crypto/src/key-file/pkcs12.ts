/**
 * Accounts under a password: PKCS#12 (RFC 7292) with one EC key, as the SDKs and scripts of 2.x exchange them.
 * @module
 */
import { concatBytes, equalBytes, type RandomSource, systemRandom } from '@bcos-ts/common'
import { sha1 } from '@noble/hashes/legacy.js'
import { OID } from '../der/oid.ts'
import { DerReader } from '../der/read.ts'
import { contextTag, implicitTag, TAG } from '../der/tag.ts'
import * as der from '../der/write.ts'
import { isCryptoError, UnsupportedError, WrongPasswordError } from '../errors.ts'
import { berToDer } from './ber.ts'
import { decodePkcs8, type EcKeyPair, encodePkcs8 } from './ec-key.ts'
import {
  decryptByPassword,
  encryptTripleDes,
  hashOfOid,
  macForPkcs12,
  readIterations,
} from './pbe.ts'

const WHAT = 'PKCS#12 key store'

/** What the files of 2.x have (spec 01 §3.6). */
const ITERATIONS = 2048
const SALT_BYTES = 8
const DEFAULT_NAME = 'key'

/** A store holds a key and a certificate, each in a safe of its own; more is no account. */
const SAFES_MAX = 16

/** A key out of a store, and the name (alias) it had there. */
export interface Pkcs12Entry {
  readonly key: EcKeyPair
  readonly name: string | undefined
}

export interface Pkcs12Options {
  /**
   * Alias of the key.
   * @default 'key'
   */
  readonly name?: string
  /**
   * Where salts come from.
   * @default systemRandom
   */
  readonly random?: RandomSource
}

/**
 * A store with one key: pbeWithSHAAnd3-KeyTripleDES-CBC and a SHA-1 MAC, 2,048 rounds each, which is what all
 * tools of 2.x read. Choose a long password: the scheme is weak against guessing.
 */
export function encodePkcs12(
  key: EcKeyPair,
  password: string,
  options: Pkcs12Options = {},
): Uint8Array {
  const { name = DEFAULT_NAME, random = systemRandom } = options
  const salts = { key: random.bytes(SALT_BYTES), mac: random.bytes(SALT_BYTES) }
  const shrouded = encryptTripleDes(encodePkcs8(key), password, {
    salt: salts.key,
    iterations: ITERATIONS,
  })
  const bag = der.sequence(
    der.oid(OID.shroudedKeyBag),
    der.explicit(0, der.sequence(shrouded.algorithm, der.octetString(shrouded.cipherText))),
    // Java keeps the name only of keys that have an identifier too.
    der.setOf(
      der.sequence(der.oid(OID.friendlyName), der.setOf(der.bmpString(name))),
      der.sequence(der.oid(OID.localKeyId), der.setOf(der.octetString(sha1(key.publicKey)))),
    ),
  )
  const safes = der.sequence(contentInfo(der.sequence(bag)))
  const derivation = { hash: sha1, salt: salts.mac, iterations: ITERATIONS }
  const mac = der.sequence(
    der.sequence(
      der.algorithm(OID.sha1, der.nothing()),
      der.octetString(macForPkcs12(derivation, password, safes)),
    ),
    der.octetString(salts.mac),
    der.integer(ITERATIONS),
  )
  return der.sequence(der.integer(3), contentInfo(safes), mac)
}

function contentInfo(content: Uint8Array): Uint8Array {
  return der.sequence(der.oid(OID.data), der.explicit(0, der.octetString(content)))
}

/**
 * The first key of a store; certificates in it are passed over. Reads what OpenSSL (1.0 to 3), Java and
 * Bouncy Castle write. Throws `CRYPTO_WRONG_PASSWORD`, `CRYPTO_INVALID_DER`, `CRYPTO_UNSUPPORTED` or
 * `CRYPTO_INVALID_KEY`.
 */
export function decodePkcs12(bytes: Uint8Array, password: string): Pkcs12Entry {
  const file = new DerReader(berToDer(bytes), WHAT).sequence()
  const version = file.count()
  if (version !== 3) file.fail(`version ${version}`)
  const outer = file.sequence()
  if (outer.oid() !== OID.data)
    throw new UnsupportedError('integrity of a key store', 'by public key')
  const safes = (outer.optional(0) ?? outer.fail('the content is missing')).octets()
  if (!file.isAtEnd) checkMac(file.sequence(), safes, password)
  return findKey(safes, password)
}

function checkMac(mac: DerReader, message: Uint8Array, password: string): void {
  const digestInfo = mac.sequence()
  const hash = hashOfOid(digestInfo.sequence().oid())
  const expected = digestInfo.octets()
  const salt = mac.octets()
  const iterations = mac.isAtEnd ? 1 : readIterations(mac)
  const actual = macForPkcs12({ hash, salt, iterations }, password, message)
  if (!equalBytes(actual, expected)) throw new WrongPasswordError(WHAT)
}

function findKey(safes: Uint8Array, password: string): Pkcs12Entry {
  const infos = new DerReader(berToDer(safes), WHAT).sequence()
  for (let i = 0; !infos.isAtEnd; i++) {
    if (i === SAFES_MAX) infos.fail(`more than ${SAFES_MAX} safes`)
    const contents = openSafe(infos.sequence(), password)
    const entry = contents && findKeyBag(contents, password)
    if (entry !== undefined) return entry
  }
  return infos.fail('there is no private key in it')
}

/** SafeContents, or `undefined` when they are under a scheme that is not known: certificates often are. */
function openSafe(info: DerReader, password: string): Uint8Array | undefined {
  const type = info.oid()
  const content = info.optional(0) ?? info.fail('a safe has no content')
  if (type === OID.data) return content.octets()
  if (type !== OID.encryptedData) return undefined
  const encrypted = content.sequence()
  encrypted.count()
  const body = encrypted.sequence()
  body.oid()
  const algorithm = body.sequence()
  const cipherText = readPieces(body)
  try {
    return decrypt(algorithm, password, cipherText)
  } catch (error) {
    if (isCryptoError(error, 'CRYPTO_UNSUPPORTED')) return undefined
    throw error
  }
}

/** `[0] IMPLICIT OCTET STRING`, whole or in pieces. */
function readPieces(body: DerReader): Uint8Array {
  if (body.nextTag !== contextTag(0)) return body.element(implicitTag(0)).content
  const pieces = body.inside(contextTag(0))
  const parts: Uint8Array[] = []
  while (!pieces.isAtEnd) parts.push(pieces.octets())
  return concatBytes(...parts)
}

function decrypt(algorithm: DerReader, password: string, cipherText: Uint8Array): Uint8Array {
  try {
    return decryptByPassword(algorithm, password, cipherText)
  } catch (error) {
    if (isCryptoError(error, 'CRYPTO_CIPHER')) throw new WrongPasswordError(WHAT)
    throw error
  }
}

function findKeyBag(contents: Uint8Array, password: string): Pkcs12Entry | undefined {
  const bags = new DerReader(berToDer(contents), WHAT).sequence()
  while (!bags.isAtEnd) {
    const bag = bags.sequence()
    const type = bag.oid()
    const value = bag.optional(0) ?? bag.fail('a bag is empty')
    if (type !== OID.keyBag && type !== OID.shroudedKeyBag) continue
    const { whole } = value.element()
    const pkcs8 = type === OID.keyBag ? whole : decryptPrivateKeyInfo(whole, password)
    return { key: decodePkcs8(pkcs8), name: bag.isAtEnd ? undefined : readName(bag.set()) }
  }
  return undefined
}

function readName(attributes: DerReader): string | undefined {
  while (!attributes.isAtEnd) {
    const attribute = attributes.sequence()
    if (attribute.oid() !== OID.friendlyName) continue
    const { content } = attribute.set().element(TAG.bmpString)
    let name = ''
    for (let i = 0; i + 1 < content.length; i += 2) {
      name += String.fromCharCode(((content[i] ?? 0) << 8) | (content[i + 1] ?? 0))
    }
    return name
  }
  return undefined
}

/** PrivateKeyInfo out of EncryptedPrivateKeyInfo (PKCS#8). Throws `CRYPTO_WRONG_PASSWORD`. */
export function decryptPrivateKeyInfo(bytes: Uint8Array, password: string): Uint8Array {
  const body = new DerReader(bytes, 'encrypted private key').sequence()
  const algorithm = body.sequence()
  return decrypt(algorithm, password, body.octets())
}
