import type { X509Certificate } from 'node:crypto'
import { toHex } from '@bcos-ts/common'
import type { PeerIdentity } from '../transport.ts'

const COORDINATE_BYTES = 32

/**
 * Who a certificate speaks for: its secp256k1 key is the node, its issuer the agency (spec 04 §1.3).
 * `undefined` for any other certificate, one of an authority among them.
 */
export function identifyPeer(certificate: X509Certificate): PeerIdentity | undefined {
  if (certificate.ca) return undefined
  const key = certificate.publicKey
  if (key.asymmetricKeyType !== 'ec') return undefined
  const { crv, x, y } = key.export({ format: 'jwk' })
  if (crv !== 'secp256k1' || x === undefined || y === undefined) return undefined
  return {
    nodeId: coordinate(x) + coordinate(y),
    agency: commonName(certificate.issuer),
    nodeName: commonName(certificate.subject),
  }
}

function coordinate(base64: string): string {
  return toHex(decodeBase64Url(base64)).padStart(2 * COORDINATE_BYTES, '0')
}

function decodeBase64Url(text: string): Uint8Array {
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (character) =>
    character.charCodeAt(0),
  )
}

/** Node writes a name as lines of `KEY=value`. */
function commonName(name: string): string {
  const line = name.split('\n').find((one) => /^CN=/i.test(one))
  return line?.slice(3) ?? ''
}
