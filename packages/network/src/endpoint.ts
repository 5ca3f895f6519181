import { InvalidEndpointError } from './errors.ts'

/** Where a node listens. */
export interface Endpoint {
  /** Host name, IPv4 or IPv6 address, without brackets. */
  readonly host: string
  readonly port: number
}

const FORM = /^(?:\[([0-9a-fA-F:.]+(?:%[\w.-]+)?)\]|([^\s:[\]]+)):(\d{1,5})$/
const PORT_MAX = 65_535

/** Reads `host:port` or `[v6]:port`. Throws {@link InvalidEndpointError}. */
export function parseEndpoint(text: string): Endpoint {
  const match = FORM.exec(text.trim())
  const host = match?.[1] ?? match?.[2]
  const port = Number(match?.[3])
  if (host === undefined || !(port <= PORT_MAX)) throw new InvalidEndpointError(text)
  return { host, port }
}

export function formatEndpoint(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}
