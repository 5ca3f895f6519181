/**
 * Certificate extensions (RFC 5280 §4.2), as far as chains of 2.x have them.
 * @module
 */
import { sha1 } from '@noble/hashes/legacy.js'
import { OID } from '../der/oid.ts'
import { DerReader } from '../der/read.ts'
import { implicitTag, TAG } from '../der/tag.ts'
import * as der from '../der/write.ts'

export interface Extension {
  readonly oid: string
  readonly isCritical: boolean
  /** What is inside the octet string: DER of the extension's own type. */
  readonly value: Uint8Array
}

export interface BasicConstraints {
  readonly isCa: boolean
  /** How many further certificate authorities may follow below; no limit when absent. */
  readonly pathLength: number | undefined
}

/** Uses in the order of their bits (RFC 5280 §4.2.1.3). */
const KEY_USES = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
] as const

export type KeyUse = (typeof KEY_USES)[number]

function extension(oid: string, value: Uint8Array, isCritical: boolean = false): Extension {
  return { oid, isCritical, value }
}

export function basicConstraints(isCa: boolean, isCritical: boolean = false): Extension {
  const value = isCa ? der.sequence(der.boolean(true)) : der.sequence()
  return extension(OID.basicConstraints, value, isCritical)
}

export function keyUsage(...uses: readonly KeyUse[]): Extension {
  let bits = 0
  for (const use of uses) bits |= 1 << (15 - KEY_USES.indexOf(use))
  // Named bits lose their trailing zeros (X.690 §11.2.2).
  const unused = bits === 0 ? 16 : 31 - Math.clz32(bits & -bits)
  const bytes = Uint8Array.of(bits >> 8, bits).subarray(0, 2 - (unused >> 3))
  return extension(OID.keyUsage, der.bitString(bytes, unused & 7))
}

/** SHA-1 of the subject's public key bits: how certificates of one name are told apart (RFC 5280 §4.2.1.2). */
function keyIdentifierOf(publicKeyInfo: Uint8Array): Uint8Array {
  const spki = new DerReader(publicKeyInfo, 'public key').sequence()
  spki.element()
  return sha1(spki.bytesOfBits())
}

export function subjectKeyIdentifier(publicKeyInfo: Uint8Array): Extension {
  return extension(OID.subjectKeyIdentifier, der.octetString(keyIdentifierOf(publicKeyInfo)))
}

export function authorityKeyIdentifier(issuerKeyInfo: Uint8Array): Extension {
  const identifier = der.element(implicitTag(0), keyIdentifierOf(issuerKeyInfo))
  return extension(OID.authorityKeyIdentifier, der.sequence(identifier))
}

export function encodeExtensions(extensions: readonly Extension[]): Uint8Array {
  const items = extensions.map(({ oid, isCritical, value }) => {
    const critical = isCritical ? [der.boolean(true)] : []
    return der.sequence(der.oid(oid), ...critical, der.octetString(value))
  })
  return der.explicit(3, der.sequence(...items))
}

/** Reads `Extensions`. An extension that comes twice is refused. */
export function readExtensions(reader: DerReader): readonly Extension[] {
  const list = reader.sequence()
  const found: Extension[] = []
  while (!list.isAtEnd) {
    const item = list.sequence()
    const oid = item.oid()
    const isCritical = item.nextTag === TAG.boolean && item.boolean()
    if (found.some((other) => other.oid === oid)) item.fail(`the extension ${oid} comes twice`)
    found.push({ oid, isCritical, value: item.octets() })
    item.end()
  }
  return found
}

function valueOf(extensions: readonly Extension[], oid: string): DerReader | undefined {
  const found = extensions.find((one) => one.oid === oid)
  return found && new DerReader(found.value, `extension ${oid}`)
}

export function readBasicConstraints(
  extensions: readonly Extension[],
): BasicConstraints | undefined {
  const body = valueOf(extensions, OID.basicConstraints)?.sequence()
  if (body === undefined) return undefined
  const isCa = body.nextTag === TAG.boolean && body.boolean()
  const pathLength = body.isAtEnd ? undefined : body.count()
  return { isCa, pathLength }
}

export function readKeyUsage(extensions: readonly Extension[]): readonly KeyUse[] | undefined {
  const bits = valueOf(extensions, OID.keyUsage)?.bits()
  if (bits === undefined) return undefined
  return KEY_USES.filter((_, i) => ((bits.bytes[i >> 3] ?? 0) & (0x80 >> (i & 7))) !== 0)
}
