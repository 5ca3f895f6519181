/**
 * Reading certificates (X.509 v1 and v3, RFC 5280 §4.1).
 * @module
 */
import { toHex } from '@bcos-ts/common'
import { nodeIdOf } from '../address.ts'
import type { Curve } from '../curve.ts'
import { curveOfOid } from '../curve.ts'
import { OID } from '../der/oid.ts'
import { decodePem, encodePem } from '../der/pem.ts'
import { DerReader } from '../der/read.ts'
import { TAG } from '../der/tag.ts'
import { InvalidPemError } from '../errors.ts'
import { decodeSpki } from '../key-file/ec-key.ts'
import {
  type BasicConstraints,
  type Extension,
  type KeyUse,
  readBasicConstraints,
  readExtensions,
  readKeyUsage,
} from './extension.ts'
import { type DistinguishedName, readName } from './name.ts'

/** A certificate's key: `ec` on one of the chain's curves, `rsa`, or another, of which only bytes are known. */
export type CertificateKey =
  | {
      readonly kind: 'ec'
      readonly curve: Curve
      /** X || Y, 64 bytes. */
      readonly publicKey: Uint8Array
      /** 128 lower-case hexadecimal digits: the peer's name on the chain. */
      readonly nodeId: string
    }
  | { readonly kind: 'rsa'; readonly bits: number }
  | { readonly kind: 'other'; readonly algorithm: string }

export interface Certificate {
  /** The whole certificate. */
  readonly der: Uint8Array
  /** The part that is signed. */
  readonly tbs: Uint8Array
  readonly version: 1 | 2 | 3
  readonly serialNumber: bigint
  readonly issuer: DistinguishedName
  readonly subject: DistinguishedName
  /** Milliseconds since 1970. */
  readonly notBeforeMs: number
  readonly notAfterMs: number
  readonly key: CertificateKey
  /** SubjectPublicKeyInfo. */
  readonly publicKeyInfo: Uint8Array
  readonly extensions: readonly Extension[]
  /** `undefined` in version 1, which has no extensions. */
  readonly basicConstraints: BasicConstraints | undefined
  readonly keyUsage: readonly KeyUse[] | undefined
  /** Whether basicConstraints say CA:TRUE. The chain CA of version 1 says nothing. */
  readonly isCa: boolean
  /** Object identifier. */
  readonly signatureAlgorithm: string
  readonly signature: Uint8Array
}

/** Two certificates with one key are two; everything of a chain is far below this. */
const CERTIFICATE_BYTES_MAX = 65_536

/** Reads one certificate. Throws `CRYPTO_INVALID_DER`, `CRYPTO_INVALID_KEY` or `CRYPTO_UNSUPPORTED`. */
export function parseCertificate(bytes: Uint8Array): Certificate {
  const file = new DerReader(bytes, 'certificate')
  if (bytes.length > CERTIFICATE_BYTES_MAX) {
    file.fail(`${bytes.length} bytes, more than ${CERTIFICATE_BYTES_MAX}`)
  }
  const body = file.sequence()
  file.end()
  const signed = body.element(TAG.sequence)
  const outerAlgorithm = body.element(TAG.sequence)
  const signature = body.bytesOfBits()
  body.end()
  const { algorithm, ...rest } = readTbs(new DerReader(signed.content, 'certificate'))
  if (toHex(outerAlgorithm.content) !== toHex(algorithm)) {
    file.fail('two different signature algorithms are named')
  }
  return {
    der: bytes,
    tbs: signed.whole,
    ...rest,
    signatureAlgorithm: new DerReader(algorithm, 'signature algorithm').oid(),
    signature,
  }
}

type SignedPart = Omit<Certificate, 'der' | 'tbs' | 'signature' | 'signatureAlgorithm'> & {
  readonly algorithm: Uint8Array
}

/** TBSCertificate. */
function readTbs(tbs: DerReader): SignedPart {
  const version = readVersion(tbs)
  const serialNumber = tbs.integer()
  const { content: algorithm } = tbs.element(TAG.sequence)
  const issuer = readName(tbs)
  const validity = tbs.sequence()
  const notBeforeMs = validity.time()
  const notAfterMs = validity.time()
  validity.end()
  const subject = readName(tbs)
  const { whole: publicKeyInfo } = tbs.element(TAG.sequence)
  // Unique identifiers of issuer and subject ([1] and [2]) went out of use with version 2.
  while (tbs.nextTag === 0x81 || tbs.nextTag === 0x82) tbs.element()
  const list = version === 3 ? tbs.optional(3) : undefined
  const extensions = list === undefined ? [] : readExtensions(list)
  tbs.end()
  const constraints = readBasicConstraints(extensions)
  return {
    version,
    serialNumber,
    algorithm,
    issuer,
    subject,
    notBeforeMs,
    notAfterMs,
    publicKeyInfo,
    extensions,
    key: readKey(publicKeyInfo),
    basicConstraints: constraints,
    keyUsage: readKeyUsage(extensions),
    isCa: constraints?.isCa === true,
  }
}

function readVersion(tbs: DerReader): 1 | 2 | 3 {
  const version = tbs.optional(0)?.count() ?? 0
  if (version === 0) return 1
  if (version === 1) return 2
  return version === 2 ? 3 : tbs.fail(`unknown version ${version + 1}`)
}

function readKey(publicKeyInfo: Uint8Array): CertificateKey {
  const spki = new DerReader(publicKeyInfo, 'public key').sequence()
  const identifier = spki.sequence()
  const algorithm = identifier.oid()
  if (algorithm === OID.rsaEncryption) {
    const modulus = new DerReader(spki.bytesOfBits(), 'RSA public key').sequence().integer()
    return { kind: 'rsa', bits: modulus.toString(2).length }
  }
  const isOurs =
    algorithm === OID.ecPublicKey &&
    identifier.nextTag === TAG.oid &&
    curveOfOid(identifier.oid()) !== undefined
  if (!isOurs) return { kind: 'other', algorithm }
  const { curve, publicKey } = decodeSpki(publicKeyInfo)
  return { kind: 'ec', curve, publicKey, nodeId: nodeIdOf(publicKey) }
}

/** All certificates of a PEM text in order: `node.crt` holds node, agency and chain. At least one. */
export function certificatesFromPem(text: string): readonly [Certificate, ...Certificate[]] {
  const [first, ...rest] = decodePem(text)
    .filter(({ label }) => label === 'CERTIFICATE')
    .map(({ der }) => parseCertificate(der))
  if (first === undefined) throw new InvalidPemError('no certificate found')
  return [first, ...rest]
}

/** PEM text of certificates, one block after the other. */
export function certificatesToPem(...certificates: readonly Certificate[]): string {
  return certificates.map(({ der }) => encodePem('CERTIFICATE', der)).join('')
}
