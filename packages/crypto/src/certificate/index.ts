/**
 * Certificates of a chain, made, read and verified without the openssl command.
 *
 * @example
 * ```ts
 * import { certificatesToPem, issueAgency, issueChainCa, issueLeaf } from '@bcos-ts/crypto/certificate'
 * import { generateNodeKey, privateKeyToPem } from '@bcos-ts/crypto/key-file'
 *
 * const options = { fromMs: clock.nowMs() }
 * const chainCa = issueChainCa('chain', generateNodeKey('secp256k1'), options)
 * const agency = issueAgency('agencyA', generateNodeKey('secp256k1'), chainCa, options)
 * const key = generateNodeKey('secp256k1')
 * const node = issueLeaf({ name: 'node0', role: 'node' }, key, agency, options)
 * const nodeCrt = certificatesToPem(node, agency.certificate, chainCa.certificate)
 * const nodeKey = privateKeyToPem(key)
 * ```
 * @module
 */
export {
  type Certificate,
  type CertificateKey,
  certificatesFromPem,
  certificatesToPem,
  parseCertificate,
} from './certificate.ts'
export {
  authorityKeyIdentifier,
  type BasicConstraints,
  basicConstraints,
  type Extension,
  keyUsage,
  type KeyUse,
  subjectKeyIdentifier,
} from './extension.ts'
export {
  type Authority,
  issueAgency,
  issueChainCa,
  issueChannelCa,
  issueChannelLeaf,
  issueLeaf,
  type IssueOptions,
  type LeafRole,
} from './issue.ts'
export { type CertificateInit, makeCertificate } from './make.ts'
export { type DistinguishedName, encodeName, type NameAttribute, type NameInit } from './name.ts'
export {
  type CertificateSigner,
  type CertificateVerifier,
  ecSigner,
  ecVerifiers,
  type SignedBytes,
} from './signer.ts'
export { type ChainOptions, verifyChain } from './verify-chain.ts'
