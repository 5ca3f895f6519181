import { type RandomSource, systemRandom } from '@bcos-ts/common'
import type { Authority, Certificate } from '@bcos-ts/crypto/certificate'
import { generateRsaKey, type RsaKey } from '@bcos-ts/crypto/node'
import { type ConsensusType, SUPPORTED_VERSION_DEFAULT, versionRules } from '@bcos-ts/protocol'
import { UsageError } from '../errors.ts'
import type { HostShare, Ports } from './host-list.ts'

/** A chain CA that exists already. `root` is above it when it is an intermediate one. */
export interface GivenAuthority {
  readonly authority: Authority
  readonly root?: Certificate
}

/** What a chain is to be like. Everything but hosts, command and time has the default of `build_chain.sh`. */
export interface ChainOptions {
  readonly hosts: readonly HostShare[]
  /** The program and first arguments by which the made scripts call bcos-ts, such as Node and its main file. */
  readonly command: readonly string[]
  /** Milliseconds since 1970: start of certificates, time of the genesis block. */
  readonly nowMs: number
  /** @default { p2p: 30300, channel: 20200, rpc: 8545 } */
  readonly ports?: Ports
  /** @default '2.9.0' */
  readonly supportedVersion?: string
  /** @default 1 */
  readonly chainId?: number
  /** @default 'pbft' */
  readonly consensus?: ConsensusType
  /** SM2, SM3 and SM4 instead of secp256k1, keccak256 and AES. */
  readonly isGuomi?: boolean
  /** SDKs connect with guomi TLS; only together with `isGuomi`. */
  readonly isGuomiChannel?: boolean
  /**
   * SDKs connect with RSA certificates, not with those on secp256k1.
   * @default true
   */
  readonly isRsaChannel?: boolean
  /** JSON-RPC listens on all addresses, not on the host itself alone. */
  readonly isRpcOpen?: boolean
  readonly isIpv6?: boolean
  /**
   * Node certificates are signed by agencies, not by the chain CA.
   * @default true
   */
  readonly hasAgencies?: boolean
  /** Node folders that can be carried away one by one. */
  readonly isDeployment?: boolean
  /** One archive for each host. */
  readonly hasArchives?: boolean
  /**
   * Lifetime of certificates.
   * @default 36_500
   */
  readonly days?: number
  readonly isDebugLog?: boolean
  readonly hasStatistics?: boolean
  /** @default true */
  readonly isLogFlushed?: boolean
  readonly isFreeStorage?: boolean
  /** Each node folder gets its own copy of the SDK's files. */
  readonly copiesSdk?: boolean
  readonly chainCa?: GivenAuthority
  readonly guomiChainCa?: GivenAuthority
  /** @default systemRandom */
  readonly random?: RandomSource
  /** @default generateRsaKey */
  readonly newRsaKey?: () => Promise<RsaKey>
}

/** {@link ChainOptions} with nothing left open. */
export type ChainSettings = Required<Omit<ChainOptions, 'chainCa' | 'guomiChainCa'>> &
  Pick<ChainOptions, 'chainCa' | 'guomiChainCa'>

const DEFAULTS = {
  ports: { p2p: 30_300, channel: 20_200, rpc: 8545 },
  supportedVersion: SUPPORTED_VERSION_DEFAULT,
  chainId: 1,
  consensus: 'pbft',
  isGuomi: false,
  isGuomiChannel: false,
  isRsaChannel: true,
  isRpcOpen: false,
  isIpv6: false,
  hasAgencies: true,
  isDeployment: false,
  hasArchives: false,
  days: 36_500,
  isDebugLog: false,
  hasStatistics: false,
  isLogFlushed: true,
  isFreeStorage: false,
  copiesSdk: false,
  random: systemRandom,
  newRsaKey: generateRsaKey,
} as const satisfies Partial<ChainOptions>

/** Fills in defaults and checks what must fit together. Throws `CLI_USAGE` or `PROTOCOL_UNSUPPORTED_VERSION`. */
export function chainSettings(options: ChainOptions): ChainSettings {
  const settings = { ...DEFAULTS, ...options }
  versionRules(settings.supportedVersion)
  if (!settings.isGuomi && settings.isGuomiChannel) {
    throw new UsageError('-G', 'an SM channel needs an SM chain: give -g too')
  }
  if (!settings.isGuomi && settings.guomiChainCa !== undefined) {
    throw new UsageError('-K', 'an SM authority needs an SM chain: give -g too')
  }
  const v6 = settings.hosts.find(({ host }) => host.includes(':'))
  if (v6 !== undefined && !settings.isIpv6) {
    throw new UsageError(v6.host, 'nodes listen on IPv6 addresses only with -6')
  }
  return settings
}

/** What a maker of this chain should know: things that are written as asked, but that no node of ours does. */
export function chainWarnings(settings: ChainSettings): readonly string[] {
  const warnings: string[] = []
  if (settings.isGuomi) {
    warnings.push(
      '-g: the files are right, but nodes of bcos-ts do not speak SM TLS so far, and will not start',
    )
  }
  return warnings
}
