import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildChain, type ChainPlan } from '../build-chain/build-chain.ts'
import { readGivenAuthority } from '../build-chain/given-authority.ts'
import {
  type HostShare,
  parseCount,
  parseHostFile,
  parseHostList,
  parsePorts,
} from '../build-chain/host-list.ts'
import { endpointText } from '../build-chain/node-ini.ts'
import type { ChainOptions } from '../build-chain/options.ts'
import { writeChain } from '../build-chain/write-chain.ts'
import { EXIT_OK, UnsupportedFlagError, UsageError } from '../errors.ts'
import { readText } from '../files.ts'
import { tableOf } from '../table.ts'
import type { Terminal } from '../terminal.ts'
import type { CommandContext } from './context.ts'

/** Flags as the command line gives them; long names are ours, letters those of `build_chain.sh`. */
interface BuildChainFlags {
  readonly hosts?: string
  readonly hostsFile?: string
  readonly supportedVersion?: string
  readonly output: string
  readonly ports?: string
  readonly openRpc?: boolean
  readonly storage?: string
  readonly consensus?: string
  readonly chainId?: string
  readonly guomi?: boolean
  readonly guomiChannel?: boolean
  readonly ecChannel?: boolean
  readonly archives?: boolean
  readonly certConfig?: string
  readonly ipv6?: boolean
  readonly ca?: string
  readonly guomiCa?: string
  readonly deploy?: boolean
  readonly days?: string
  readonly debugLog?: boolean
  readonly statistics?: boolean
  readonly bufferedLog?: boolean
  readonly freeStorage?: boolean
  readonly withoutAgencies?: boolean
  readonly copySdk?: boolean
  readonly docker?: boolean
  readonly binary?: string
  readonly listReleases?: boolean
}

const DAYS_MAX = 365_000
const NODE_ID_SHOWN = 8

/** What the generated scripts call, besides Node: the file behind the bcos-ts command. */
const MAIN_FILE = fileURLToPath(new URL('../../bin/bcos-ts.js', import.meta.url))

export function addBuildChain({ program, terminal, clock, action }: CommandContext): void {
  program
    .command('build-chain')
    .description('make the files of a chain: keys, certificates, configuration, scripts')
    .option('-l, --hosts <ip:n,…>', 'hosts and how many nodes each runs')
    .option('-f, --hosts-file <file>', 'lines "ip:n agency groups p2p,channel,rpc"')
    .option('-v, --supported-version <x.y.z>', 'format of the chain: 2.9.0 or 2.9.1')
    .option('-o, --output <folder>', 'folder to make', 'nodes')
    .option('-p, --ports <p2p,channel,rpc>', 'first ports (default: 30300,20200,8545)')
    .option('-i, --open-rpc', 'JSON-RPC listens on all addresses')
    .option('-s, --storage <type>', 'rocksdb: a database inside the node')
    .option('-c, --consensus <type>', 'pbft, raft or rpbft')
    .option('-C, --chain-id <number>', 'id of the chain (default: 1)')
    .option('-g, --guomi', 'SM2, SM3 and SM4')
    .option('-G, --guomi-channel', 'SDKs connect with SM TLS; with -g only')
    .option('-R, --ec-channel', 'SDKs connect with certificates on secp256k1, not RSA')
    .option('-z, --archives', 'a tar.gz for each host')
    .option('-t, --cert-config <file>', 'settings of the openssl command: not offered')
    .option('-6, --ipv6', 'nodes listen on IPv6 addresses')
    .option('-k, --ca <folder>', 'chain CA to use: ca.key, ca.crt, and root.crt above it')
    .option('-K, --guomi-ca <folder>', 'SM chain CA to use: gmca.key, gmca.crt, gmroot.crt')
    .option('-D, --deploy', 'folders node_IP_PORT that can be carried away; with -z')
    .option('-X, --days <number>', 'lifetime of certificates (default: 36500)')
    .option('-T, --debug-log', 'log at level debug')
    .option('-S, --statistics', 'write network and gas figures')
    .option('-F, --buffered-log', 'do not flush the log after each line')
    .option('-E, --free-storage', 'storing costs no gas')
    .option('-N, --without-agencies', 'the chain CA signs node certificates itself')
    .option('-Z, --copy-sdk', "put the SDK's files into each node folder too")
    .option('-d, --docker', 'not offered')
    .option('-e, --binary <path>', 'not offered')
    .option('-q, --list-releases', 'not offered')
    .action(
      action(async (flags: BuildChainFlags) => {
        const options = await chainOptions(flags)
        terminal.status('making keys and certificates')
        const plan = await buildChain({
          ...options,
          command: [process.execPath, MAIN_FILE],
          nowMs: clock.nowMs(),
        })
        await writeChain(plan, flags.output)
        terminal.clearStatus()
        printSummary(terminal, plan, flags.output)
        return EXIT_OK
      }),
    )
}

/** The builder's options for flags of `build_chain.sh`. Throws `CLI_USAGE`, `CLI_UNSUPPORTED_FLAG` and errors of files. */
async function chainOptions(
  flags: BuildChainFlags,
): Promise<Omit<ChainOptions, 'command' | 'nowMs'>> {
  refuseUnsupported(flags)
  const { ports, supportedVersion, consensus, chainId, days, ca, guomiCa } = flags
  const chainCa = ca === undefined ? undefined : await readGivenAuthority(ca, 'secp256k1')
  const guomiChainCa = guomiCa === undefined ? undefined : await readGivenAuthority(guomiCa, 'sm2')
  return {
    hosts: await readHosts(flags),
    ...(ports !== undefined && { ports: parsePorts(ports, '-p') }),
    ...(supportedVersion !== undefined && { supportedVersion }),
    ...(consensus !== undefined && { consensus: consensusOf(consensus) }),
    ...(chainId !== undefined && {
      chainId: parseCount(chainId, '-C', { min: 0, max: Number.MAX_SAFE_INTEGER }),
    }),
    ...(days !== undefined && { days: parseCount(days, '-X', { min: 1, max: DAYS_MAX }) }),
    ...(chainCa !== undefined && { chainCa }),
    ...(guomiChainCa !== undefined && { guomiChainCa }),
    ...switches(flags),
  }
}

/** Flags without a value. */
function switches(flags: BuildChainFlags) {
  return {
    isRpcOpen: flags.openRpc === true,
    isGuomi: flags.guomi === true,
    isGuomiChannel: flags.guomiChannel === true,
    isRsaChannel: flags.ecChannel !== true,
    hasArchives: flags.archives === true,
    isIpv6: flags.ipv6 === true,
    isDeployment: flags.deploy === true,
    isDebugLog: flags.debugLog === true,
    hasStatistics: flags.statistics === true,
    isLogFlushed: flags.bufferedLog !== true,
    isFreeStorage: flags.freeStorage === true,
    hasAgencies: flags.withoutAgencies !== true,
    copiesSdk: flags.copySdk === true,
  }
}

function refuseUnsupported({
  docker,
  binary,
  listReleases,
  certConfig,
  storage = 'rocksdb',
}: BuildChainFlags): void {
  if (docker === true) {
    throw new UnsupportedFlagError('-d', 'there is no image; put bcos-ts into one of your own')
  }
  if (binary !== undefined) {
    throw new UnsupportedFlagError('-e', 'nodes run on bcos-ts itself, which BCOS_TS can name')
  }
  if (listReleases === true) {
    throw new UnsupportedFlagError('-q', 'nothing is downloaded; "bcos-ts -v" shows this release')
  }
  if (certConfig !== undefined) {
    throw new UnsupportedFlagError(
      '-t',
      'certificates are made without openssl; make a chain CA with it and give that with -k',
    )
  }
  if (storage.toLowerCase() !== 'rocksdb') {
    throw new UnsupportedFlagError(
      `-s ${storage}`,
      'nodes keep their data in a database inside, which is "-s rocksdb"',
    )
  }
}

async function readHosts({ hosts, hostsFile }: BuildChainFlags): Promise<readonly HostShare[]> {
  if (hosts !== undefined && hostsFile !== undefined) {
    throw new UsageError('-l and -f', 'give one of the two')
  }
  if (hosts !== undefined) return parseHostList(hosts)
  if (hostsFile !== undefined) return parseHostFile(await readText(hostsFile), hostsFile)
  throw new UsageError('-l or -f', 'say which hosts run nodes, such as -l 127.0.0.1:4')
}

function consensusOf(text: string): NonNullable<ChainOptions['consensus']> {
  const name = text.toLowerCase()
  if (name === 'pbft' || name === 'raft' || name === 'rpbft') return name
  throw new UsageError('-c', `"${text}" is none of pbft, raft and rpbft`)
}

function printSummary(terminal: Terminal, { nodes, warnings }: ChainPlan, output: string): void {
  const rows = nodes.map(({ folder, host, ports, nodeId }) => [
    folder,
    endpointText(host, ports.p2p),
    String(ports.channel),
    String(ports.rpc),
    `${nodeId.slice(0, NODE_ID_SHOWN)}…`,
  ])
  terminal.print(tableOf(terminal, ['node', 'P2P', 'channel', 'RPC', 'node id'], rows))
  for (const warning of warnings)
    terminal.say(`${terminal.errorColors.yellow('warning')}: ${warning}`)
  const [first, ...others] = new Set(nodes.map(({ host }) => host))
  const script = join(output, first ?? '', 'start_all.sh')
  terminal.print(`Made ${output}. To start the nodes: sh ${script}`)
  if (others.length > 0) {
    terminal.print(`Copy each host's folder to its host; start_all.sh is in each of them.`)
  }
}
