/**
 * Making certificates (RFC 5280 §4.1).
 * @module
 */
import * as der from '../der/write.ts'
import { type Certificate, parseCertificate } from './certificate.ts'
import { encodeExtensions, type Extension } from './extension.ts'
import type { CertificateSigner } from './signer.ts'

/** The contents of a certificate to be signed. */
export interface CertificateInit {
  /** DER of the names; {@link encodeName} makes one. */
  readonly subject: Uint8Array
  readonly issuer: Uint8Array
  /** SubjectPublicKeyInfo. */
  readonly publicKeyInfo: Uint8Array
  readonly serialNumber: bigint
  /** Milliseconds since 1970; written to the second. */
  readonly notBeforeMs: number
  readonly notAfterMs: number
  /** None make it a certificate of version 1, else it is of version 3. */
  readonly extensions: readonly Extension[]
}

/** Signs a certificate. */
export function makeCertificate(init: CertificateInit, signer: CertificateSigner): Certificate {
  const hasExtensions = init.extensions.length > 0
  const tbs = der.sequence(
    ...(hasExtensions ? [der.explicit(0, der.integer(2))] : []),
    der.integer(init.serialNumber),
    signer.algorithm,
    init.issuer,
    der.sequence(der.time(init.notBeforeMs), der.time(init.notAfterMs)),
    init.subject,
    init.publicKeyInfo,
    ...(hasExtensions ? [encodeExtensions(init.extensions)] : []),
  )
  const signature = der.bitString(signer.sign(tbs))
  return parseCertificate(der.sequence(tbs, signer.algorithm, signature))
}
