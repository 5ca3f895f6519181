/**
 * The certificates of a 2.x chain, each as its tools make it (spec 04 §13.3).
 * @module
 */
import { bytesToBigInt, type RandomSource, systemRandom } from '@bcos-ts/common'
import { type EcKeyPair, type EcPublicKey, encodeSpki } from '../key-file/ec-key.ts'
import type { Certificate } from './certificate.ts'
import {
  authorityKeyIdentifier,
  basicConstraints,
  type Extension,
  keyUsage,
  subjectKeyIdentifier,
} from './extension.ts'
import { makeCertificate } from './make.ts'
import { encodeName } from './name.ts'
import { type CertificateSigner, ecSigner } from './signer.ts'

const ORGANIZATION = 'fisco-bcos'
const DAYS = 36_500
const DAY_MS = 86_400_000
const SERIAL_BYTES = 8

/** When a certificate starts and how long it lasts. */
export interface IssueOptions {
  /** First moment of validity, milliseconds since 1970: the present, most often. */
  readonly fromMs: number
  /**
   * Lifetime.
   * @default 36_500
   */
  readonly days?: number
  /**
   * Where serial numbers come from.
   * @default systemRandom
   */
  readonly random?: RandomSource
}

/** Who can sign certificates: a certificate and its key. */
export interface Authority {
  readonly certificate: Certificate
  readonly signer: CertificateSigner
}

/** What an EC certificate is for. `ennode` and `ensdk` are the encryption halves of guomi pairs. */
export type LeafRole = 'node' | 'sdk' | 'ennode' | 'ensdk'

interface Contents {
  readonly commonName: string
  readonly organizationalUnit: string
  readonly publicKeyInfo: Uint8Array
  readonly extensions: readonly Extension[]
}

function positiveSerial(random: RandomSource): bigint {
  const serial = BigInt.asUintN(63, bytesToBigInt(random.bytes(SERIAL_BYTES)))
  return serial === 0n ? 1n : serial
}

function issue(
  contents: Contents,
  issuer: Authority | CertificateSigner,
  options: IssueOptions,
): Certificate {
  const { fromMs, days = DAYS, random = systemRandom } = options
  const { commonName, organizationalUnit, publicKeyInfo, extensions } = contents
  const subject = encodeName({ commonName, organization: ORGANIZATION, organizationalUnit })
  const isSelfSigned = !('certificate' in issuer)
  const init = {
    subject,
    issuer: isSelfSigned ? subject : issuer.certificate.subject.der,
    publicKeyInfo,
    serialNumber: positiveSerial(random),
    notBeforeMs: fromMs,
    notAfterMs: fromMs + days * DAY_MS,
    extensions,
  }
  return makeCertificate(init, isSelfSigned ? issuer : issuer.signer)
}

/** What the guomi tools put into certificates of authorities. */
function guomiAuthorityExtensions(key: Uint8Array, issuerKey: Uint8Array): readonly Extension[] {
  return [
    subjectKeyIdentifier(key),
    authorityKeyIdentifier(issuerKey),
    basicConstraints(true),
    keyUsage('cRLSign', 'keyCertSign'),
  ]
}

/** Chain CA, self-signed: of version 1 without extensions on secp256k1, with them on SM2. */
export function issueChainCa(name: string, keys: EcKeyPair, options: IssueOptions): Authority {
  const signer = ecSigner(keys)
  const key = signer.publicKeyInfo
  const extensions = keys.curve === 'sm2' ? guomiAuthorityExtensions(key, key) : []
  const contents = { commonName: name, organizationalUnit: 'chain', publicKeyInfo: key, extensions }
  return { certificate: issue(contents, signer, options), signer }
}

/** Agency, signed by the chain CA. The curve is that of `keys`. */
export function issueAgency(
  name: string,
  keys: EcKeyPair,
  chainCa: Authority,
  options: IssueOptions,
): Authority {
  const signer = ecSigner(keys)
  const key = signer.publicKeyInfo
  const extensions =
    keys.curve === 'sm2'
      ? guomiAuthorityExtensions(key, chainCa.signer.publicKeyInfo)
      : [basicConstraints(true)]
  const contents = {
    commonName: name,
    organizationalUnit: 'agency',
    publicKeyInfo: key,
    extensions,
  }
  return { certificate: issue(contents, chainCa, options), signer }
}

function leafUsage(curve: EcPublicKey['curve'], role: LeafRole): Extension {
  if (curve === 'secp256k1')
    return keyUsage('nonRepudiation', 'digitalSignature', 'keyEncipherment')
  return role === 'ennode' || role === 'ensdk'
    ? keyUsage('keyAgreement', 'keyEncipherment', 'dataEncipherment')
    : keyUsage('nonRepudiation', 'digitalSignature')
}

/**
 * Certificate of a node or an SDK, signed by an agency (or the chain CA where there are no agencies). A guomi node
 * needs two, for its roles `node` and `ennode`, with different keys.
 */
export function issueLeaf(
  subject: { readonly name: string; readonly role: LeafRole },
  key: EcPublicKey,
  agency: Authority,
  options: IssueOptions,
): Certificate {
  const contents = {
    commonName: subject.name,
    organizationalUnit: subject.role,
    publicKeyInfo: encodeSpki(key),
    extensions: [basicConstraints(false), leafUsage(key.curve, subject.role)],
  }
  return issue(contents, agency, options)
}

/** Channel CA of an agency, self-signed, for the RSA certificates that SDKs of 2.9 present. */
export function issueChannelCa(
  agencyName: string,
  signer: CertificateSigner,
  options: IssueOptions,
): Authority {
  const key = signer.publicKeyInfo
  const contents = {
    commonName: agencyName,
    organizationalUnit: 'chain',
    publicKeyInfo: key,
    extensions: [
      subjectKeyIdentifier(key),
      authorityKeyIdentifier(key),
      basicConstraints(true, true),
    ],
  }
  return { certificate: issue(contents, signer, options), signer }
}

/** Channel certificate of a node or an SDK: of version 1, and all have the same subject. */
export function issueChannelLeaf(
  publicKeyInfo: Uint8Array,
  channelCa: Authority,
  options: IssueOptions,
): Certificate {
  const contents = {
    commonName: 'FISCO-BCOS',
    organizationalUnit: 'agency',
    publicKeyInfo,
    extensions: [],
  }
  return issue(contents, channelCa, options)
}
