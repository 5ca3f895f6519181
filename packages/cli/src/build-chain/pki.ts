import { toHex } from '@bcos-ts/common'
import {
  type Authority,
  type Certificate,
  certificatesToPem,
  issueAgency,
  issueChainCa,
  issueChannelCa,
  issueChannelLeaf,
  issueLeaf,
  type IssueOptions,
  type LeafRole,
} from '@bcos-ts/crypto/certificate'
import { type Curve, generateNodeKey, privateKeyToPem } from '@bcos-ts/crypto/key-file'
import type { ChainSettings, GivenAuthority } from './options.ts'

const CHAIN_NAME = 'chain'

/** An authority and its key as text; a given authority keeps its key to itself. */
export interface KeyedAuthority extends Authority {
  readonly keyPem: string | undefined
}

/** The authorities of a chain on one curve. */
export interface Pki {
  readonly curve: Curve
  readonly chain: KeyedAuthority
  /** What nodes trust: the chain CA, or the root above it. */
  readonly anchor: Certificate
  /** By name; empty when the chain CA signs for nodes itself. */
  readonly agencies: ReadonlyMap<string, KeyedAuthority>
  readonly issue: IssueOptions
}

/** A key with its certificate. */
export interface Identity {
  readonly certificate: Certificate
  /** The certificate and all above it, as a node presents them. */
  readonly chainPem: string
  readonly keyPem: string
  readonly nodeId: string
}

function issueOptions({ nowMs, days, random }: ChainSettings): IssueOptions {
  return { fromMs: nowMs, days, random }
}

/** The chain CA, given or new, and an agency for each name. */
export function createPki(
  curve: Curve,
  agencyNames: readonly string[],
  settings: ChainSettings,
): Pki {
  const given = curve === 'sm2' ? settings.guomiChainCa : settings.chainCa
  const issue = issueOptions(settings)
  const chain = given === undefined ? newChainCa(curve, issue) : keyless(given)
  const names = settings.hasAgencies ? agencyNames : []
  const agencies = names.map((name): [string, KeyedAuthority] => {
    const keys = generateNodeKey(curve, issue.random)
    const agency = issueAgency(name, keys, chain, issue)
    return [name, { ...agency, keyPem: privateKeyToPem(keys) }]
  })
  return {
    curve,
    chain,
    anchor: given?.root ?? chain.certificate,
    agencies: new Map(agencies),
    issue,
  }
}

function newChainCa(curve: Curve, issue: IssueOptions): KeyedAuthority {
  const keys = generateNodeKey(curve, issue.random)
  return { ...issueChainCa(CHAIN_NAME, keys, issue), keyPem: privateKeyToPem(keys) }
}

function keyless({ authority }: GivenAuthority): KeyedAuthority {
  return { ...authority, keyPem: undefined }
}

/** A new key and the certificate of a node or an SDK. */
export function issueIdentity(
  pki: Pki,
  agencyName: string,
  subject: { readonly name: string; readonly role: LeafRole },
): Identity {
  const { chain, anchor, issue } = pki
  const agency = pki.agencies.get(agencyName)
  const keys = generateNodeKey(pki.curve, issue.random)
  const certificate = issueLeaf(subject, keys, agency ?? chain, issue)
  const above = [
    ...(agency === undefined ? [] : [agency.certificate]),
    chain.certificate,
    ...(anchor === chain.certificate ? [] : [anchor]),
  ]
  return {
    certificate,
    chainPem: certificatesToPem(certificate, ...above),
    keyPem: privateKeyToPem(keys),
    nodeId: toHex(keys.publicKey),
  }
}

/** The RSA authority of an agency, under which SDKs connect. */
export interface ChannelAuthority extends Authority {
  readonly keyPem: string
}

export interface ChannelIdentity {
  readonly certificatePem: string
  readonly keyPem: string
}

export async function createChannelCa(
  agencyName: string,
  settings: ChainSettings,
): Promise<ChannelAuthority> {
  const key = await settings.newRsaKey()
  return { ...issueChannelCa(agencyName, key.signer, issueOptions(settings)), keyPem: key.pem }
}

export async function issueChannelIdentity(
  authority: ChannelAuthority,
  settings: ChainSettings,
): Promise<ChannelIdentity> {
  const key = await settings.newRsaKey()
  const options = issueOptions(settings)
  const certificate = issueChannelLeaf(key.signer.publicKeyInfo, authority, options)
  return { certificatePem: certificatesToPem(certificate), keyPem: key.pem }
}
