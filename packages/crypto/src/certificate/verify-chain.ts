import { equalBytes } from '@bcos-ts/common'
import { OID } from '../der/oid.ts'
import { type ChainFailure, CertificateChainError } from '../errors.ts'
import type { Certificate } from './certificate.ts'
import { type CertificateVerifier, ecVerifiers } from './signer.ts'

/** A chain of 2.x has three levels; OpenSSL would follow a hundred. */
const CHAIN_LENGTH_MAX = 8

/** Extensions whose meaning is known here, or does not matter between nodes (no host names are checked). */
const KNOWN_EXTENSIONS: ReadonlySet<string> = /* @__PURE__ */ new Set([
  OID.basicConstraints,
  OID.keyUsage,
  OID.subjectKeyIdentifier,
  OID.authorityKeyIdentifier,
  '2.5.29.17', // subjectAltName
  '2.5.29.37', // extKeyUsage
])

export interface ChainOptions {
  /** What came along with the leaf, in any order. */
  readonly intermediates?: readonly Certificate[]
  /** Certificates that need no proof, most often `ca.crt`. */
  readonly trust: readonly Certificate[]
  /** When to be valid, in milliseconds since 1970; not checked when absent. */
  readonly atMs?: number
  /**
   * Signature algorithms to accept. Add `rsaVerifier` of `@bcos-ts/crypto/node` for RSA.
   * @default ecVerifiers
   */
  readonly verifiers?: readonly CertificateVerifier[]
}

/**
 * The chain from a leaf up to a trusted certificate, both included. Checks signatures, validity, that issuers are
 * certificate authorities and may be so far up, and that no unknown critical extension occurs; no host names, no
 * revocation, as in 2.x. A trusted certificate may be of version 1 and need not be self-signed.
 * Throws `CRYPTO_CERTIFICATE_CHAIN` with the reason in its details.
 */
export function verifyChain(leaf: Certificate, options: ChainOptions): readonly Certificate[] {
  const chain: Certificate[] = []
  let current = leaf
  for (;;) {
    chain.push(current)
    checkAlone(current, options.atMs)
    if (isTrusted(current, options.trust)) return chain
    if (chain.length === CHAIN_LENGTH_MAX) fail('path-too-long', current)
    const issuer = findIssuer(current, options)
    checkMayIssue(issuer, chain.length - 1, options.trust)
    current = issuer
  }
}

function fail(reason: ChainFailure, certificate: Certificate): never {
  throw new CertificateChainError(reason, certificate.subject.oneLine)
}

function isSame(a: Certificate, b: Certificate): boolean {
  return equalBytes(a.der, b.der)
}

function isTrusted(certificate: Certificate, trust: readonly Certificate[]): boolean {
  return trust.some((one) => isSame(one, certificate))
}

function checkAlone(certificate: Certificate, atMs: number | undefined): void {
  if (atMs !== undefined && atMs < certificate.notBeforeMs) fail('not-yet-valid', certificate)
  if (atMs !== undefined && atMs > certificate.notAfterMs) fail('expired', certificate)
  const isKnown = certificate.extensions.every(
    ({ isCritical, oid }) => !isCritical || KNOWN_EXTENSIONS.has(oid),
  )
  if (!isKnown) fail('unknown-critical-extension', certificate)
}

/** The first certificate, trusted ones before others, that has the issuer's name and made the signature. */
function findIssuer(certificate: Certificate, options: ChainOptions): Certificate {
  const { trust, intermediates = [], verifiers = ecVerifiers } = options
  const named = [...trust, ...intermediates].filter(
    (one) => equalBytes(one.subject.der, certificate.issuer.der) && !isSame(one, certificate),
  )
  if (named.length === 0) fail('unknown-issuer', certificate)
  const verifier = verifiers.find((one) => one.algorithm === certificate.signatureAlgorithm)
  if (verifier === undefined) fail('unsupported-algorithm', certificate)
  const issuer = named.find((one) => verifier.verify(certificate, one.key, one.publicKeyInfo))
  return issuer ?? fail('bad-signature', certificate)
}

/** `below` is the number of certificate authorities between the issuer and the leaf. */
function checkMayIssue(issuer: Certificate, below: number, trust: readonly Certificate[]): void {
  const { basicConstraints, keyUsage } = issuer
  // The chain CA of 2.x is of version 1 and says nothing of itself; trust speaks for it.
  const isAuthority = basicConstraints?.isCa ?? isTrusted(issuer, trust)
  const maySign = keyUsage?.includes('keyCertSign') ?? true
  if (!isAuthority || !maySign) fail('not-a-ca', issuer)
  if (basicConstraints?.pathLength !== undefined && below > basicConstraints.pathLength) {
    fail('path-too-long', issuer)
  }
}
