/**
 * What a client's certificate says beyond its chain (spec 02 §2.4).
 * @module
 */
import type { X509Certificate } from 'node:crypto'
import { toHex } from '@bcos-ts/common'

const COORDINATE_DIGITS = 64
/** The object identifier of basicConstraints, 2.5.29.19, as DER. */
const BASIC_CONSTRAINTS = '0603551d13'

/**
 * Whether the certificate has the extension at all: one without it, such as the X.509 version 1
 * certificates of the RSA set, is not asked for its agency.
 */
function hasBasicConstraints(certificate: X509Certificate): boolean {
  return toHex(certificate.raw).includes(BASIC_CONSTRAINTS)
}

/** The public key as 128 lower-case digits, or `undefined` when it is not one of an elliptic curve. */
export function sdkKeyOf(certificate: X509Certificate): string | undefined {
  const key = certificate.publicKey
  if (key.asymmetricKeyType !== 'ec') return undefined
  const { x, y } = key.export({ format: 'jwk' })
  return x === undefined || y === undefined ? undefined : coordinate(x) + coordinate(y)
}

function coordinate(base64Url: string): string {
  const text = atob(base64Url.replaceAll('-', '+').replaceAll('_', '/'))
  const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0))
  return toHex(bytes).padStart(COORDINATE_DIGITS, '0')
}

/** Whether a client may connect to a node of this agency: its issuer must be the node's own. */
export function isOfAgency(client: X509Certificate, node: X509Certificate): boolean {
  return client.ca || !hasBasicConstraints(client) || client.issuer === node.issuer
}
