import { genesisText } from '@bcos-ts/node'
import { authorityFiles, channelAuthorityFiles, opensslFiles } from './authority-files.ts'
/**
 * A whole chain as a plan: which files with which content. Touches no disk.
 * @module
 */
import {
  type ChannelSet,
  type Credentials,
  type GuomiPair,
  nodeFiles,
  nodeIdOf,
  sdkFiles,
} from './node-files.ts'
import { nodeIni } from './node-ini.ts'
import { type ChainOptions, type ChainSettings, chainSettings, chainWarnings } from './options.ts'
import {
  type ChannelAuthority,
  createChannelCa,
  createPki,
  issueChannelIdentity,
  issueIdentity,
  type Pki,
} from './pki.ts'
import { type NodePlace, placeNodes } from './places.ts'
import { dataFile, type PlannedFile, programFile, within } from './planned-file.ts'
import { allScript, launcherScript } from './scripts.ts'
import { tarGzip } from './tar.ts'

const LAUNCHER = 'bcos-ts'

/** A node of a planned chain. */
export interface PlannedNode extends NodePlace {
  /** 128 lower-case hexadecimal digits. */
  readonly nodeId: string
}

export interface ChainPlan {
  /** Folders follow from the paths. */
  readonly files: readonly PlannedFile[]
  readonly nodes: readonly PlannedNode[]
  /** Sentences about what is written as asked but has no effect on nodes of bcos-ts. */
  readonly warnings: readonly string[]
}

/** A place and the keys of who stands there. */
interface Member {
  readonly place: NodePlace
  readonly credentials: Credentials
}

interface Authorities {
  readonly standard: Pki
  readonly guomi: Pki | undefined
  readonly channel: ReadonlyMap<string, ChannelAuthority>
}

/**
 * Makes keys and certificates, and lays out the files of a chain as `build_chain.sh` does (spec 04 §13.2).
 * Pure but for the random source and the RSA keys, which `options` can bring.
 * Throws `CLI_USAGE` or `PROTOCOL_UNSUPPORTED_VERSION`.
 */
export async function buildChain(options: ChainOptions): Promise<ChainPlan> {
  const settings = chainSettings(options)
  const places = placeNodes(settings)
  const authorities = await makeAuthorities(places, settings)
  const members = await Promise.all(
    places.map(async (place) => ({
      place,
      credentials: await makeCredentials(authorities, place, 'node', settings),
    })),
  )
  const hosts = await Promise.all(
    [...new Set(places.map(({ host }) => host))].map(async (host) =>
      hostFiles(host, { members, authorities, settings }),
    ),
  )
  return {
    files: [...authorityTree(authorities), ...hosts.flat()],
    nodes: members.map(plannedNode),
    warnings: chainWarnings(settings),
  }
}

function plannedNode({ place, credentials }: Member): PlannedNode {
  return { ...place, nodeId: nodeIdOf(credentials) }
}

async function makeAuthorities(
  places: readonly NodePlace[],
  settings: ChainSettings,
): Promise<Authorities> {
  const names = [...new Set(places.map(({ agency }) => agency))]
  const channel = settings.isRsaChannel
    ? await Promise.all(
        names.map(async (name): Promise<[string, ChannelAuthority]> => [
          name,
          await createChannelCa(name, settings),
        ]),
      )
    : []
  return {
    standard: createPki('secp256k1', names, settings),
    guomi: settings.isGuomi ? createPki('sm2', names, settings) : undefined,
    channel: new Map(channel),
  }
}

function authorityTree({ standard, guomi, channel }: Authorities): readonly PlannedFile[] {
  return [
    ...opensslFiles(standard),
    ...authorityFiles(standard),
    ...[...channel].flatMap(([name, authority]) => channelAuthorityFiles(name, authority)),
    ...(guomi === undefined ? [] : authorityFiles(guomi)),
  ]
}

async function makeCredentials(
  { standard, guomi, channel }: Authorities,
  { name, agency }: Pick<NodePlace, 'name' | 'agency'>,
  role: 'node' | 'sdk',
  settings: ChainSettings,
): Promise<Credentials> {
  const authority = channel.get(agency)
  const set: ChannelSet | undefined = authority && {
    authority,
    identity: await issueChannelIdentity(authority, settings),
  }
  const pair: GuomiPair | undefined = guomi && {
    pki: guomi,
    signing: issueIdentity(guomi, agency, { name, role }),
    encryption: issueIdentity(guomi, agency, { name, role: `en${role}` }),
  }
  const identity = issueIdentity(standard, agency, { name, role })
  return { pki: standard, identity, guomi: pair, channel: set }
}

/** A host's folder, and its archive beside it. */
async function hostFiles(
  host: string,
  chain: {
    readonly members: readonly Member[]
    readonly authorities: Authorities
    readonly settings: ChainSettings
  },
): Promise<readonly PlannedFile[]> {
  const { members, authorities, settings } = chain
  const here = members.filter(({ place }) => place.host === host)
  // The SDK's files of a host come from the agency that is named first there.
  const agency = here[0]?.place.agency ?? ''
  const sdk = sdkFiles(await makeCredentials(authorities, { name: 'sdk', agency }, 'sdk', settings))
  const launcher = programFile(LAUNCHER, launcherScript(settings.command))
  const shared = [
    ...(settings.isDeployment ? [] : [launcher]),
    programFile('start_all.sh', allScript('start')),
    programFile('stop_all.sh', allScript('stop')),
    ...within('sdk', sdk),
  ]
  const own = [
    ...(settings.isDeployment ? [launcher] : []),
    ...(settings.copiesSdk ? within('sdk', sdk) : []),
  ]
  const nodes = here.flatMap((member) =>
    within(member.place.folder, [...memberFiles(member, members, settings), ...own]),
  )
  const files = [...within(host, shared), ...nodes]
  if (!settings.hasArchives && !settings.isDeployment) return files
  return [...files, dataFile(`${host}.tar.gz`, tarGzip(files, settings.nowMs))]
}

function memberFiles(
  { place, credentials }: Member,
  members: readonly Member[],
  settings: ChainSettings,
): readonly PlannedFile[] {
  const genesis = place.groups.map((groupId): [number, string] => {
    const sealers = members
      .filter((member) => member.place.groups.includes(groupId))
      .map((member) => nodeIdOf(member.credentials))
    const text = genesisText({
      groupId,
      sealers,
      consensus: settings.consensus,
      timestamp: BigInt(settings.nowMs),
      isFreeStorage: settings.isFreeStorage,
    })
    return [groupId, text]
  })
  const all = members.map((member) => member.place)
  const contents = {
    place,
    configIni: nodeIni(place, all, settings),
    genesis: new Map(genesis),
    launcher: settings.isDeployment ? `./${LAUNCHER}` : `../${LAUNCHER}`,
  }
  return nodeFiles(contents, credentials)
}
