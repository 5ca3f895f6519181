/**
 * Ways to a node.
 * @module
 */
import { httpTransport, type Transport } from '@bcos-ts/sdk'
import { UsageError } from '../errors.ts'

export interface ConnectionOptions {
  readonly url?: string | undefined
}

/** A way to a node, and how it is shown. */
export interface Connection {
  readonly transport: Transport
  readonly kind: 'HTTP' | 'Channel' | 'WebSocket'
  /** `HOST:PORT` of the node. */
  readonly endpoint: string
  /** A way of the same kind to another node. */
  to(endpoint: string): Connection
}

const URL_DEFAULT = 'http://127.0.0.1:8545'

/** Nothing is sent yet. Throws `CLI_USAGE`. */
export function openConnection({ url = URL_DEFAULT }: ConnectionOptions): Connection {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new UsageError('--url', `${url} is no address such as ${URL_DEFAULT}`)
  }
  return http(url)
}

function http(url: string): Connection {
  const { hostname, port, protocol } = new URL(url)
  return {
    transport: httpTransport({ url }),
    kind: 'HTTP',
    endpoint: `${hostname}:${port || (protocol === 'https:' ? '443' : '80')}`,
    to: (endpoint) => http(`${protocol}//${endpoint}`),
  }
}
