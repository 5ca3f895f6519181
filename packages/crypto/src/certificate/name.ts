/**
 * Distinguished names (RFC 5280 §4.1.2.4).
 * @module
 */
import { bytesToText, fromUtf8 } from '@bcos-ts/common'
import { OID } from '../der/oid.ts'
import { DerReader } from '../der/read.ts'
import { TAG } from '../der/tag.ts'
import * as der from '../der/write.ts'

/** One attribute of a name: `2.5.4.3` is the common name. */
export interface NameAttribute {
  readonly oid: string
  readonly text: string
}

/** Who a certificate is about, or who signed it. */
export interface DistinguishedName {
  readonly attributes: readonly NameAttribute[]
  readonly commonName: string | undefined
  readonly organization: string | undefined
  readonly organizationalUnit: string | undefined
  /** `/CN=node0/O=fisco-bcos/OU=node`: OpenSSL's one-line form, by which 2.x compares names. */
  readonly oneLine: string
  /** The name's own bytes. Names are equal when these are. */
  readonly der: Uint8Array
}

/** The subject of a certificate to be made; written in this order, as the tools of 2.x do. */
export interface NameInit {
  readonly commonName: string
  readonly organization: string
  readonly organizationalUnit: string
}

/** Short names in the one-line form; other attributes show their number. */
const SHORT_NAMES: Readonly<Record<string, string>> = {
  [OID.commonName]: 'CN',
  [OID.serialNumber]: 'serialNumber',
  [OID.country]: 'C',
  [OID.locality]: 'L',
  [OID.stateOrProvince]: 'ST',
  [OID.organization]: 'O',
  [OID.organizationalUnit]: 'OU',
  [OID.emailAddress]: 'emailAddress',
}

function attribute(oid: string, text: string): Uint8Array {
  return der.setOf(der.sequence(der.oid(oid), der.utf8String(text)))
}

export function encodeName(name: NameInit): Uint8Array {
  return der.sequence(
    attribute(OID.commonName, name.commonName),
    attribute(OID.organization, name.organization),
    attribute(OID.organizationalUnit, name.organizationalUnit),
  )
}

function textOf(tag: number, content: Uint8Array): string {
  if (tag === TAG.utf8String) return fromUtf8(content)
  if (tag !== TAG.bmpString) return bytesToText(content)
  let text = ''
  for (let i = 0; i + 1 < content.length; i += 2) {
    text += String.fromCharCode(((content[i] ?? 0) << 8) | (content[i + 1] ?? 0))
  }
  return text
}

/** Bytes outside of printable ASCII as `\xE5`. */
function escapeBytes(content: Uint8Array): string {
  let text = ''
  for (const byte of content) {
    const isPlain = byte >= 0x20 && byte <= 0x7e
    text += isPlain
      ? String.fromCharCode(byte)
      : `\\x${byte.toString(16).toUpperCase().padStart(2, '0')}`
  }
  return text
}

/** Reads the next element as a name. Throws `CRYPTO_INVALID_DER`. */
export function readName(reader: DerReader): DistinguishedName {
  const { whole, content } = reader.element(TAG.sequence)
  const sets = new DerReader(content, 'distinguished name')
  const attributes: NameAttribute[] = []
  let oneLine = ''
  while (!sets.isAtEnd) {
    const set = sets.set()
    while (!set.isAtEnd) {
      const pair = set.sequence()
      const oid = pair.oid()
      const value = pair.element()
      pair.end()
      attributes.push({ oid, text: textOf(value.tag, value.content) })
      oneLine += `/${SHORT_NAMES[oid] ?? oid}=${escapeBytes(value.content)}`
    }
  }
  const first = (oid: string): string | undefined => attributes.find((one) => one.oid === oid)?.text
  return {
    attributes,
    commonName: first(OID.commonName),
    organization: first(OID.organization),
    organizationalUnit: first(OID.organizationalUnit),
    oneLine,
    der: whole,
  }
}
