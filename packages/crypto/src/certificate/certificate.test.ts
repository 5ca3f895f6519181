import { X509Certificate } from 'node:crypto'
import { isBcosError, toHex } from '@bcos-ts/common'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import vectors from '../../vectors/certificates.json' with { type: 'json' }
import { rsaVerifier } from '../node/rsa.ts'
import {
  type Certificate,
  certificatesFromPem,
  certificatesToPem,
  type CertificateSigner,
  ecVerifiers,
  makeCertificate,
  parseCertificate,
  verifyChain,
} from './index.ts'

const verifiers = [...ecVerifiers, rsaVerifier]
const cases = vectors.sets.flatMap(({ name, cases: inSet }) =>
  inSet.map((one) => ({ ...one, title: `${one.name} of the set ${name}` })),
)

const USES: Readonly<Record<string, string>> = {
  digitalSignature: 'Digital Signature',
  nonRepudiation: 'Non Repudiation',
  keyEncipherment: 'Key Encipherment',
  dataEncipherment: 'Data Encipherment',
  keyAgreement: 'Key Agreement',
  keyCertSign: 'Certificate Sign',
  cRLSign: 'CRL Sign',
}

describe('certificates of other programs', () => {
  it.each(cases)('are read as OpenSSL reads them: $title', (sample) => {
    const [certificate] = certificatesFromPem(sample.pem)
    expect(certificate.subject.oneLine).toBe(sample.subject)
    expect(certificate.issuer.oneLine).toBe(sample.issuer)
    expect(certificate.serialNumber).toBe(BigInt(`0x${sample.serial}`))
    expect(certificate.notBeforeMs).toBe(sample.notBeforeMs)
    expect(certificate.notAfterMs).toBe(sample.notAfterMs)
    expect(certificate.version).toBe(sample.version)
    expect(certificate.isCa).toBe(sample.isCa)
    const uses = certificate.keyUsage?.map((use) => USES[use]).join(', ')
    expect(uses ?? null).toBe(sample.keyUsage)
    const expectedKey = sample.publicKey ?? '2048 bits'
    const { key } = certificate
    expect(key.kind === 'ec' ? key.nodeId : `${key.kind === 'rsa' ? key.bits : 0} bits`).toBe(
      expectedKey,
    )
  })

  it.each(cases)('are written the same, byte for byte: $title', (sample) => {
    const [certificate] = certificatesFromPem(sample.pem)
    expect(certificatesToPem(certificate)).toBe(sample.pem)
    const again = makeCertificate(
      {
        subject: certificate.subject.der,
        issuer: certificate.issuer.der,
        publicKeyInfo: certificate.publicKeyInfo,
        serialNumber: certificate.serialNumber,
        notBeforeMs: certificate.notBeforeMs,
        notAfterMs: certificate.notAfterMs,
        extensions: certificate.extensions,
      },
      replaySigner(certificate),
    )
    expect(toHex(again.der)).toBe(toHex(certificate.der))
  })

  it.each(vectors.sets)('form a chain: $name', ({ cases: inSet }) => {
    const chain = inSet.map(({ pem }) => certificatesFromPem(pem)[0])
    const [leaf] = certificatesFromPem(inSet[0]?.pem ?? '')
    const trust = chain.slice(-1)
    const atMs = leaf.notBeforeMs
    const found = verifyChain(leaf, { intermediates: chain.slice(1), trust, atMs, verifiers })
    expect(found).toEqual(chain)
    expect(verifyChain(leaf, { intermediates: chain.toReversed(), trust, verifiers })).toEqual(
      chain,
    )
  })

  it('show names with bytes outside of ASCII, and several of a kind, as OpenSSL does', () => {
    const [certificate] = certificatesFromPem(vectors.oddName.pem)
    expect(certificate.subject.oneLine).toBe(vectors.oddName.subject)
    expect(certificate.subject.commonName).toBe('a b~é')
    expect(certificate.subject.attributes.map(({ text }) => text)).toContain('北京')
  })

  it('may be several in one text, in order', () => {
    const text = cases.map(({ pem }) => `a remark\n${pem}`).join('\n')
    const subjects = certificatesFromPem(text).map(({ subject }) => subject.oneLine)
    expect(subjects).toEqual(cases.map(({ subject }) => subject))
  })
})

/** Answers with the signature that the certificate already has. */
function replaySigner(certificate: Certificate): CertificateSigner {
  const { tbs, der, signature, publicKeyInfo } = certificate
  const afterTbs = der.subarray(4 + tbs.length)
  const algorithm = afterTbs.subarray(0, 2 + (afterTbs[1] ?? 0))
  return { algorithm, publicKeyInfo, sign: () => signature }
}

describe('bytes that are no certificate', () => {
  const originals = cases.map(({ pem }) => certificatesFromPem(pem)[0].der)

  it('give a certificate or an error of ours', () => {
    const damaged = fc
      .tuple(fc.constantFrom(...originals), fc.nat(), fc.uint8Array({ minLength: 1, maxLength: 3 }))
      .map(([original, at, bytes]) => {
        const copy = original.slice()
        copy.set(bytes, at % (copy.length - 3))
        return copy
      })
    const cut = fc
      .tuple(fc.constantFrom(...originals), fc.nat())
      .map(([original, at]) => original.slice(0, at % original.length))
    const anything = fc.oneof(damaged, cut, fc.uint8Array({ maxLength: 200 }))
    const property = fc.property(anything, (bytes) => {
      const result = attempt(() => parseCertificate(bytes))
      expect(result instanceof Error).toBe(isBcosError(result))
    })
    fc.assert(property, { numRuns: 1500 })
  })

  it('are refused when cut, followed by more, or too many', () => {
    const [original = new Uint8Array(0)] = originals
    const code: unknown = expect.objectContaining({ code: 'CRYPTO_INVALID_DER' })
    const longer = new Uint8Array(original.length + 1)
    longer.set(original)
    for (const bytes of [original.slice(0, -1), longer, new Uint8Array(70_000)]) {
      expect(() => parseCertificate(bytes)).toThrow(code)
    }
    expect(() => certificatesFromPem('')).toThrow(
      expect.objectContaining({ code: 'CRYPTO_INVALID_PEM' }),
    )
  })

  it('are not taken for good ones when a signed byte was changed', () => {
    for (const { cases: inSet } of vectors.sets) {
      const chain = inSet.map(({ pem }) => certificatesFromPem(pem)[0])
      const [leaf] = certificatesFromPem(inSet[0]?.pem ?? '')
      const changed = leaf.der.slice()
      // A digit of the serial number, which nothing else depends on.
      changed[leaf.version === 1 ? 12 : 17] = (changed[leaf.version === 1 ? 12 : 17] ?? 0) ^ 1
      const options = { intermediates: chain.slice(1), trust: chain.slice(-1), verifiers }
      expect(() => verifyChain(parseCertificate(changed), options)).toThrow(
        expect.objectContaining({
          details: { reason: 'bad-signature', subject: leaf.subject.oneLine },
        }),
      )
    }
  })
})

it('reads the same as Node from any certificate that Node takes', () => {
  for (const { pem } of cases) {
    const theirs = new X509Certificate(pem)
    const [ours] = certificatesFromPem(pem)
    expect(BigInt(`0x${theirs.serialNumber}`)).toBe(ours.serialNumber)
    expect(Date.parse(theirs.validTo)).toBe(ours.notAfterMs)
    expect(theirs.ca).toBe(ours.isCa)
  }
})

/** What `run` returns or throws. */
function attempt(run: () => unknown): unknown {
  try {
    return run()
  } catch (error) {
    return error
  }
}
