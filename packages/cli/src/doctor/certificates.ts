/**
 * A key with its certificate, and the way from it to the authority that everybody trusts.
 * @module
 */
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { type Clock, isBcosError, messageOf } from '@bcos-ts/common'
import {
  type Certificate,
  certificatesFromPem,
  ecVerifiers,
  verifyChain,
} from '@bcos-ts/crypto/certificate'
import { rsaVerifier } from '@bcos-ts/crypto/node'
import { failed, type Finding, ok, warning, wrong } from './finding.ts'
import type { Credentials } from './tls-probe.ts'

const DAY_MS = 86_400_000
/** Certificates are issued anew before that, by people who may be on holiday. */
const SOON_MS = 30 * DAY_MS

/** Looks at one certificate set; `name` says whose, such as `node`. */
export function checkCertificates(name: string, set: Credentials, clock: Clock): Finding[] {
  const key = checkKey(`${name}: key and certificate`, set)
  if (key.state === 'wrong') return [key]
  return [
    key,
    checkChain(`${name}: certificate chain`, set, clock),
    ...checkDates(name, set, clock),
  ]
}

function checkKey(check: string, { key, certificate }: Credentials): Finding {
  try {
    const leaf = new X509Certificate(certificate)
    if (!leaf.checkPrivateKey(createPrivateKey(key))) {
      return wrong(
        check,
        'the key belongs to another certificate',
        'Put key and certificate back as they were made together; do not mix those of two nodes.',
      )
    }
    return ok(check, `belong together: ${leaf.subject.replaceAll('\n', ', ')}`)
  } catch (error) {
    return wrong(
      check,
      messageOf(error),
      'The files are damaged or of another kind: copy them again.',
    )
  }
}

function checkChain(check: string, set: Credentials, clock: Clock): Finding {
  try {
    const [leaf, ...intermediates] = certificatesFromPem(set.certificate)
    const trust = certificatesFromPem(set.ca)
    const verifiers = [...ecVerifiers, rsaVerifier]
    const chain = verifyChain(leaf, { intermediates, trust, verifiers, atMs: clock.nowMs() })
    return ok(check, `${chain.length} certificates lead to ${trust[0].subject.oneLine}`)
  } catch (error) {
    if (!isBcosError(error, 'CRYPTO_CERTIFICATE_CHAIN')) return failed(check, error)
    return wrong(
      check,
      error.message,
      "Expired: issue the certificate anew from its agency. Unknown issuer or bad signature: use node.crt (with the agency's certificate behind it) and ca.crt of one chain.",
    )
  }
}

function checkDates(name: string, set: Credentials, clock: Clock): Finding[] {
  const nowMs = clock.nowMs()
  const certificates = [...certificatesFromPem(set.certificate), ...certificatesFromPem(set.ca)]
  const first = certificates.reduce((a, b) => (b.notAfterMs < a.notAfterMs ? b : a))
  const check = `${name}: validity`
  const leftMs = first.notAfterMs - nowMs
  if (leftMs < 0) return [wrong(check, `${whose(first)} expired on ${day(first)}`, RENEW)]
  if (leftMs < SOON_MS) return [warning(check, `${whose(first)} expires on ${day(first)}`, RENEW)]
  return [ok(check, `until ${day(first)}`)]
}

const RENEW = 'Issue it anew from the authority above it, with the same key, and restart.'

function whose({ subject }: Certificate): string {
  return `the certificate ${subject.oneLine}`
}

function day({ notAfterMs }: Certificate): string {
  return new Date(notAfterMs).toISOString().slice(0, 10)
}

/** The node id of a certificate; `undefined` for one that is not that of a node. */
export function nodeIdOfCertificate({ key, isCa }: Certificate): string | undefined {
  return key.kind === 'ec' && key.curve === 'secp256k1' && !isCa ? key.nodeId : undefined
}

/** The same of a PEM text. */
export function nodeIdOfPem(pem: string): string | undefined {
  try {
    return nodeIdOfCertificate(certificatesFromPem(pem)[0])
  } catch (error) {
    if (!isBcosError(error)) throw error
    return undefined
  }
}
