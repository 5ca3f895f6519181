import { createHash } from 'node:crypto'
import { isBcosError } from '@bcos-ts/common'
import {
  type Certificate,
  certificatesFromPem,
  ecVerifiers,
  verifyChain,
} from '@bcos-ts/crypto/certificate'
import { rsaVerifier } from '@bcos-ts/crypto/node'
import { EXIT_OK } from '../errors.ts'
import { readText } from '../files.ts'
import { fieldsOf } from '../table.ts'
import type { Terminal } from '../terminal.ts'
import type { CommandContext } from './context.ts'

const ALGORITHMS: Readonly<Record<string, string>> = {
  '1.2.840.10045.4.3.2': 'ecdsa-with-SHA256',
  '1.2.156.10197.1.501': 'SM2-with-SM3',
  '1.2.840.113549.1.1.11': 'sha256WithRSAEncryption',
}

export function addCert({ program, terminal, clock, action }: CommandContext): void {
  const cert = program.command('cert').description('look at certificates')
  cert
    .command('show')
    .description('show the certificates of a PEM file, and whether they form a chain')
    .argument('<file>', 'ca.crt, node.crt, …')
    .action(
      action(async (file: string) => {
        const certificates = certificatesFromPem(await readText(file))
        certificates.forEach((one, index) => showCertificate(terminal, one, index + 1))
        const [leaf, ...above] = certificates
        terminal.print(chainText(leaf, above, clock.nowMs()))
        return EXIT_OK
      }),
    )
}

function showCertificate(terminal: Terminal, certificate: Certificate, position: number): void {
  const { subject, issuer, serialNumber, version, basicConstraints, keyUsage } = certificate
  const isSelfSigned = subject.oneLine === issuer.oneLine
  const nodeId: readonly (readonly [string, string])[] =
    certificate.key.kind === 'ec' ? [['node id', certificate.key.nodeId]] : []
  terminal.print(
    fieldsOf(terminal, [
      ['certificate', String(position)],
      ['subject', subject.oneLine],
      ['issuer', isSelfSigned ? `${issuer.oneLine} (itself)` : issuer.oneLine],
      ['serial number', `0x${serialNumber.toString(16)}`],
      ['valid from', utcTime(certificate.notBeforeMs)],
      ['valid to', utcTime(certificate.notAfterMs)],
      ['version', String(version)],
      ['key', keyText(certificate)],
      ...nodeId,
      ['authority', basicConstraints === undefined ? 'not said' : yesNo(basicConstraints.isCa)],
      ['key usage', keyUsage?.join(', ') ?? 'not said'],
      ['signed with', ALGORITHMS[certificate.signatureAlgorithm] ?? certificate.signatureAlgorithm],
      ['SHA-256', createHash('sha256').update(certificate.der).digest('hex')],
    ]),
  )
}

/** A single certificate is a chain only when it signed itself. */
function chainText(leaf: Certificate, above: readonly Certificate[], nowMs: number): string {
  const top = above.at(-1)
  if (top === undefined) return 'One certificate, nothing above it in this file.'
  const verifiers = [...ecVerifiers, rsaVerifier]
  try {
    const options = { intermediates: above, trust: [top], atMs: nowMs, verifiers }
    return `A good chain of ${verifyChain(leaf, options).length} certificates.`
  } catch (error) {
    if (!isBcosError(error)) throw error
    return `Not a good chain: ${error.message}`
  }
}

function keyText({ key }: Certificate): string {
  switch (key.kind) {
    case 'ec':
      return key.curve
    case 'rsa':
      return `RSA, ${key.bits} bits`
    case 'other':
      return key.algorithm
  }
}

function utcTime(timeMs: number): string {
  return `${new Date(timeMs).toISOString().slice(0, 19).replace('T', ' ')} UTC`
}

function yesNo(is: boolean): string {
  return is ? 'yes' : 'no'
}
