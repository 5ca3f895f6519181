/**
 * Which hosts run how many nodes: the value of `-l` and the file of `-f` (spec 04 §13.1).
 * @module
 */
import { isIPv6 } from 'node:net'
import { GROUP_ID_MAX } from '@bcos-ts/protocol'
import { UsageError } from '../errors.ts'

export interface Ports {
  readonly p2p: number
  readonly channel: number
  readonly rpc: number
}

/** Some nodes on one host that belong to one agency and the same groups. */
export interface HostShare {
  /** IPv4 address, name, or IPv6 address without brackets. */
  readonly host: string
  readonly count: number
  readonly agency: string
  readonly groups: readonly number[]
  /** First ports of these nodes, where they are not those of the chain. */
  readonly ports?: Ports
}

const DEFAULT_AGENCY = 'agency'
const NODES_OF_HOST_MAX = 1000
const PORT_MIN = 1025
const PORT_MAX = 65_535
const COUNT = { min: 1, max: NODES_OF_HOST_MAX }

/** Folders beside those of the hosts. */
const RESERVED: ReadonlySet<string> = new Set(['cert', 'gmcert'])

/** `ip:n,ip:n`: all nodes of one agency and in group 1. Throws {@link UsageError}. */
export function parseHostList(text: string): readonly HostShare[] {
  return text.split(',').map((part) => {
    const { host, count } = parseHost(part.trim(), '-l')
    return { host, count, agency: DEFAULT_AGENCY, groups: [1] }
  })
}

/** Lines `ip:n agency groups [p2p,channel,rpc]`; empty lines and `#` remarks are passed over. Throws {@link UsageError}. */
export function parseHostFile(text: string, file: string): readonly HostShare[] {
  const shares = text.split(/\r?\n/).flatMap((line, index) => {
    const content = line.trim()
    const isShare = content !== '' && !content.startsWith('#')
    return isShare ? [parseLine(content, `${file}:${index + 1}`)] : []
  })
  if (shares.length === 0) {
    throw new UsageError(file, 'it names no host; a line is "ip:n agency groups p2p,channel,rpc"')
  }
  return shares
}

/** `p2p,channel,rpc`. Throws {@link UsageError}. */
export function parsePorts(text: string, place: string): Ports {
  const numbers = text
    .split(',')
    .map((part) => parseCount(part.trim(), place, { min: PORT_MIN, max: PORT_MAX }))
  const [p2p, channel, rpc] = numbers
  if (numbers.length !== 3 || p2p === undefined || channel === undefined || rpc === undefined) {
    throw new UsageError(
      place,
      `"${text}" is not three ports p2p,channel,rpc such as 30300,20200,8545`,
    )
  }
  return { p2p, channel, rpc }
}

/** A decimal number within bounds. Throws {@link UsageError}. */
export function parseCount(
  text: string,
  place: string,
  { min, max }: { readonly min: number; readonly max: number },
): number {
  const value = Number(text)
  if (!/^\d+$/.test(text) || value < min || value > max) {
    throw new UsageError(place, `"${text}" is not an integer from ${min} to ${max}`)
  }
  return value
}

function parseLine(content: string, place: string): HostShare {
  const [hostAndCount = '', agency, groups, ports, ...rest] = content.split(/\s+/)
  if (agency === undefined || groups === undefined || rest.length > 0) {
    throw new UsageError(place, `"${content}" is not "ip:n agency groups p2p,channel,rpc"`)
  }
  return {
    ...parseHost(hostAndCount, place),
    agency: checkAgency(agency, place),
    groups: parseGroups(groups, place),
    ...(ports !== undefined && { ports: parsePorts(ports, place) }),
  }
}

/** `ip`, `ip:n`, `[v6]` or `[v6]:n`. */
function parseHost(text: string, place: string): { readonly host: string; readonly count: number } {
  const [, v6, name, digits = '1'] =
    /^(?:\[([^\]]*)\]|([A-Za-z0-9][\w.-]{0,63}))(?::(.*))?$/.exec(text) ?? []
  const host = v6 ?? name
  if (host === undefined || (v6 !== undefined && !isIPv6(v6))) {
    throw new UsageError(
      place,
      `"${text}" is not ip:n, such as 127.0.0.1:4, or [::1]:4 together with -6`,
    )
  }
  if (RESERVED.has(host)) throw new UsageError(place, `a host may not have the name "${host}"`)
  return { host, count: parseCount(digits, place, COUNT) }
}

function checkAgency(name: string, place: string): string {
  if (/^[A-Za-z0-9][\w-]{0,63}$/.test(name)) return name
  throw new UsageError(place, `the agency name "${name}" may have letters, digits, "_" and "-"`)
}

function parseGroups(text: string, place: string): readonly number[] {
  const groups = text
    .split(',')
    .map((part) => parseCount(part, place, { min: 1, max: GROUP_ID_MAX }))
  if (new Set(groups).size === groups.length) return groups
  throw new UsageError(place, `a group is named twice in "${text}"`)
}
