import { X509Certificate } from 'node:crypto'
import { fromHex, toHex } from '@bcos-ts/common'
import { describe, expect, it } from 'vitest'
import vectors from '../../vectors/certificates.json' with { type: 'json' }
import type { Curve } from '../curve.ts'
import type { ChainFailure } from '../errors.ts'
import { type EcKeyPair, ecKeyPair } from '../key-file/index.ts'
import {
  type Authority,
  basicConstraints,
  type Certificate,
  certificatesFromPem,
  certificatesToPem,
  encodeName,
  type Extension,
  issueAgency,
  issueChainCa,
  issueLeaf,
  keyUsage,
  type LeafRole,
  makeCertificate,
  verifyChain,
} from './index.ts'

const FROM_MS = Date.UTC(2026, 10, 22, 7, 12, 28)
const YEAR_MS = 365 * 86_400_000

/** The same draws every time, so that a failure can be looked at again. */
function countingRandom() {
  let next = 1
  return { bytes: (length: number) => new Uint8Array(length).fill(next++) }
}

const asX509 = (certificate: Certificate) => new X509Certificate(certificatesToPem(certificate))
const failure = (reason: ChainFailure): unknown =>
  expect.objectContaining({ details: expect.objectContaining({ reason }) as unknown })

const options = { fromMs: FROM_MS, random: countingRandom() }
const keyOf = (curve: Curve, digit: number): EcKeyPair =>
  ecKeyPair(curve, new Uint8Array(32).fill(digit))

function chainOn(curve: Curve, role: LeafRole) {
  const chainCa = issueChainCa('chain', keyOf(curve, 1), options)
  const agency = issueAgency('agencyA', keyOf(curve, 2), chainCa, options)
  const leaf = issueLeaf({ name: 'node0', role }, keyOf(curve, 3), agency, options)
  return { chainCa, agency, leaf }
}

/** What two certificates of one kind share: everything but names, keys, serial, times and signature. */
function shapeOf(certificate: Certificate) {
  const { version, signatureAlgorithm, subject, issuer, extensions, key } = certificate
  return {
    version,
    signatureAlgorithm,
    subject: subject.attributes.map(({ oid }) => oid),
    organizationalUnit: subject.organizationalUnit,
    issuerUnit: issuer.organizationalUnit,
    years: Math.round((certificate.notAfterMs - certificate.notBeforeMs) / YEAR_MS),
    key: key.kind === 'ec' ? key.curve : key.kind,
    extensions: extensions.map(({ oid, isCritical, value }) => {
      const isIdentifier = oid === '2.5.29.14' || oid === '2.5.29.35'
      return { oid, isCritical, value: isIdentifier ? value.length : toHex(value) }
    }),
  }
}

function recorded(set: string, name: string): Certificate {
  const found = vectors.sets.find((one) => one.name === set)?.cases.find((one) => one.name === name)
  return certificatesFromPem(found?.pem ?? '')[0]
}

describe('certificates of a guomi chain', () => {
  it('have the shape of those that the tools of 2.9.1 made', () => {
    const { chainCa, agency, leaf } = chainOn('sm2', 'node')
    expect(shapeOf(chainCa.certificate)).toEqual(shapeOf(recorded('guomi', 'chain')))
    expect(shapeOf(agency.certificate)).toEqual(shapeOf(recorded('guomi', 'agency')))
    expect(shapeOf(leaf)).toEqual(shapeOf(recorded('guomi', 'node')))
    const encryption = chainOn('sm2', 'ensdk').leaf
    expect(shapeOf(encryption)).toEqual(shapeOf(recorded('guomi encryption', 'sdk')))
  })
})

describe('certificates of a standard chain', () => {
  it('have the shape of those that openssl makes, but for its key identifiers', () => {
    const withoutIdentifiers = (certificate: Certificate) => {
      const shape = shapeOf(certificate)
      const extensions = shape.extensions.filter(
        ({ oid }) => oid !== '2.5.29.14' && oid !== '2.5.29.35',
      )
      return { ...shape, extensions }
    }
    const { chainCa, agency, leaf } = chainOn('secp256k1', 'node')
    expect(shapeOf(chainCa.certificate)).toEqual(shapeOf(recorded('secp256k1', 'chain')))
    expect(shapeOf(agency.certificate)).toEqual(withoutIdentifiers(recorded('secp256k1', 'agency')))
    expect(shapeOf(leaf)).toEqual(withoutIdentifiers(recorded('secp256k1', 'node')))
    expect(chainCa.certificate.version).toBe(1)
  })

  it('are what OpenSSL takes for a chain', () => {
    const { chainCa, agency, leaf } = chainOn('secp256k1', 'sdk')
    const [ca, middle, end] = [chainCa.certificate, agency.certificate, leaf].map(asX509)
    expect(ca?.verify(ca.publicKey)).toBe(true)
    expect(ca && middle?.checkIssued(ca) && middle.verify(ca.publicKey)).toBe(true)
    expect(middle && end?.checkIssued(middle) && end.verify(middle.publicKey)).toBe(true)
    expect(end?.subject).toBe('CN=node0\nO=fisco-bcos\nOU=sdk')
    expect(end?.ca).toBe(false)
  })
})

describe.each(['secp256k1', 'sm2'] as const)('a chain on %s', (curve) => {
  const { chainCa, agency, leaf } = chainOn(curve, 'node')
  const trust = [chainCa.certificate]
  const intermediates = [agency.certificate]
  const verify = (certificate: Certificate, more: object = {}) =>
    verifyChain(certificate, { trust, intermediates, atMs: FROM_MS, ...more })

  it('leads from the node to the chain CA, and names the node', () => {
    expect(verify(leaf)).toEqual([leaf, agency.certificate, chainCa.certificate])
    expect(leaf.key).toMatchObject({ nodeId: toHex(keyOf(curve, 3).publicKey) })
    expect(leaf.issuer.commonName).toBe('agencyA')
  })

  it('holds without an agency level', () => {
    const direct = issueLeaf({ name: 'n', role: 'node' }, keyOf(curve, 4), chainCa, options)
    expect(verify(direct, { intermediates: [] })).toHaveLength(2)
  })

  it('holds from its first to its last second', () => {
    expect(() => verify(leaf, { atMs: FROM_MS - 1 })).toThrow(failure('not-yet-valid'))
    expect(verify(leaf, { atMs: leaf.notAfterMs })).toHaveLength(3)
    expect(() => verify(leaf, { atMs: leaf.notAfterMs + 1 })).toThrow(failure('expired'))
    expect(verify(leaf, { atMs: undefined })).toHaveLength(3)
    const brief = issueLeaf({ name: 'n', role: 'node' }, keyOf(curve, 4), agency, {
      ...options,
      days: 1,
    })
    expect(() => verify(brief, { atMs: FROM_MS + 86_400_001 })).toThrow(failure('expired'))
  })

  it('breaks without the agency, and without trust', () => {
    expect(() => verify(leaf, { intermediates: [] })).toThrow(failure('unknown-issuer'))
    expect(() => verify(leaf, { trust: [] })).toThrow(failure('unknown-issuer'))
  })

  it("breaks when somebody else uses the agency's or the chain CA's name", () => {
    const forgedCa = issueChainCa('chain', keyOf(curve, 9), options)
    const forgedAgency = issueAgency('agencyA', keyOf(curve, 8), forgedCa, options)
    const forged = issueLeaf(
      { name: 'node0', role: 'node' },
      keyOf(curve, 3),
      forgedAgency,
      options,
    )
    expect(() => verify(forged)).toThrow(failure('bad-signature'))
    const withForged = [forgedAgency.certificate, forgedCa.certificate]
    expect(() => verify(forged, { intermediates: withForged })).toThrow(
      expect.objectContaining({ code: 'CRYPTO_CERTIFICATE_CHAIN' }),
    )
    // The right agency is found even when a namesake comes first.
    expect(verify(leaf, { intermediates: [...withForged, ...intermediates] })).toHaveLength(3)
  })

  it('has no use for certificates signed by a node', () => {
    const node: Authority = { certificate: leaf, signer: chainSigner(curve, 3) }
    const below = issueLeaf({ name: 'x', role: 'node' }, keyOf(curve, 5), node, options)
    const more = { intermediates: [leaf, ...intermediates] }
    expect(() => verify(below, more)).toThrow(failure('not-a-ca'))
  })

  it('minds path lengths, key usage and critical extensions', () => {
    const authorityWith = (digit: number, ...extensions: readonly Extension[]): Authority => {
      const signer = chainSigner(curve, digit)
      const name = { commonName: `ca${digit}`, organization: 'o', organizationalUnit: 'u' }
      const init = {
        subject: encodeName(name),
        issuer: chainCa.certificate.subject.der,
        publicKeyInfo: signer.publicKeyInfo,
        serialNumber: 7n,
        notBeforeMs: FROM_MS,
        notAfterMs: FROM_MS + YEAR_MS,
        extensions,
      }
      return { certificate: makeCertificate(init, chainCa.signer), signer }
    }
    const leafOf = (authority: Authority) =>
      issueLeaf({ name: 'x', role: 'node' }, keyOf(curve, 5), authority, options)

    const noLevels = { ...basicConstraints(true), value: fromHex('30060101ff020100') }
    const flat = authorityWith(6, noLevels)
    expect(verify(leafOf(flat), { intermediates: [flat.certificate] })).toHaveLength(3)
    const second = issueAgency('below', keyOf(curve, 7), flat, options)
    const both = { intermediates: [flat.certificate, second.certificate] }
    expect(() => verify(leafOf(second), both)).toThrow(failure('path-too-long'))

    const noSigner = authorityWith(6, basicConstraints(true), keyUsage('digitalSignature'))
    const onlyThis = { intermediates: [noSigner.certificate] }
    expect(() => verify(leafOf(noSigner), onlyThis)).toThrow(failure('not-a-ca'))

    const unknown = { oid: '1.2.3.4', isCritical: true, value: fromHex('0500') }
    const odd = authorityWith(6, basicConstraints(true), unknown)
    const oddOnly = { intermediates: [odd.certificate] }
    expect(() => verify(leafOf(odd), oddOnly)).toThrow(failure('unknown-critical-extension'))
    const mild = authorityWith(6, basicConstraints(true), { ...unknown, isCritical: false })
    expect(verify(leafOf(mild), { intermediates: [mild.certificate] })).toHaveLength(3)
  })

  it('is not verified with algorithms that were not allowed', () => {
    expect(() => verify(leaf, { verifiers: [] })).toThrow(failure('unsupported-algorithm'))
  })

  it('has serial numbers that differ, and are positive', () => {
    const serials = [chainCa.certificate, agency.certificate, leaf].map((one) => one.serialNumber)
    expect(new Set(serials).size).toBe(3)
    const high = { bytes: (length: number) => new Uint8Array(length).fill(0xff) }
    const low = { bytes: (length: number) => new Uint8Array(length) }
    for (const random of [high, low]) {
      const { certificate } = issueChainCa('c', keyOf(curve, 1), { fromMs: FROM_MS, random })
      expect(certificate.serialNumber).toBeGreaterThan(0n)
    }
  })
})

function chainSigner(curve: Curve, digit: number) {
  return issueChainCa('signer', keyOf(curve, digit), options).signer
}

describe('key usage', () => {
  it.each([
    [keyUsage('digitalSignature', 'nonRepudiation'), '030206c0'],
    [keyUsage('keyCertSign', 'cRLSign'), '03020106'],
    [keyUsage('decipherOnly'), '0303070080'],
    [keyUsage('digitalSignature', 'encipherOnly'), '03020081'],
    [keyUsage(), '030100'],
  ])('is written in its shortest form', ({ value }, expected) => {
    expect(toHex(value)).toBe(expected)
  })
})
