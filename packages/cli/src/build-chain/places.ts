import { UsageError } from '../errors.ts'
import type { HostShare, Ports } from './host-list.ts'
import type { ChainSettings } from './options.ts'

/** A node's place in the chain, before it has a key. */
export interface NodePlace {
  /** `node0`, `node1`, … on each host. */
  readonly name: string
  readonly host: string
  /** Relative to the output folder, such as `127.0.0.1/node0`. */
  readonly folder: string
  readonly agency: string
  readonly groups: readonly number[]
  readonly ports: Ports
}

const NODES_MAX = 1000
const PORT_MAX = 65_535

/**
 * Numbers nodes host by host. A node's ports are the first ports plus its position among the nodes of its host
 * that count from the same ones. Throws {@link UsageError} when ports run out or two nodes want the same.
 */
export function placeNodes(settings: ChainSettings): readonly NodePlace[] {
  const total = settings.hosts.reduce((sum, { count }) => sum + count, 0)
  if (total === 0 || total > NODES_MAX) {
    throw new UsageError('hosts', `a chain has 1 to ${NODES_MAX} nodes, not ${total}`)
  }
  const positions = new Map<string, number>()
  const next = (key: string): number => {
    const position = positions.get(key) ?? 0
    positions.set(key, position + 1)
    return position
  }
  const places = settings.hosts.flatMap((share) =>
    Array.from({ length: share.count }, () => placeNode(share, settings, next)),
  )
  checkPorts(places)
  return places
}

function placeNode(
  { host, agency, groups, ports: own }: HostShare,
  settings: ChainSettings,
  next: (key: string) => number,
): NodePlace {
  const first = own ?? settings.ports
  const name = `node${next(host)}`
  const offset = next(`${host} ${first.p2p},${first.channel},${first.rpc}`)
  const ports = {
    p2p: first.p2p + offset,
    channel: first.channel + offset,
    rpc: first.rpc + offset,
  }
  const folder = settings.isDeployment ? `node_${host}_${ports.p2p}` : name
  return { name, host, folder: `${host}/${folder}`, agency, groups, ports }
}

function checkPorts(places: readonly NodePlace[]): void {
  const owners = new Map<string, string>()
  for (const { name, host, ports } of places) {
    for (const port of Object.values(ports)) {
      if (port > PORT_MAX) {
        throw new UsageError('ports', `${name} of ${host} would need port ${port}: start lower`)
      }
      const key = `${host} ${port}`
      const owner = owners.get(key)
      if (owner !== undefined) {
        throw new UsageError(
          'ports',
          `${owner} and ${name} of ${host} would both need port ${port}: put the ports further apart`,
        )
      }
      owners.set(key, name)
    }
  }
}
