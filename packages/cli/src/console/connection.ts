/**
 * Ways to a node.
 * @module
 */
import { join } from 'node:path'
import { httpTransport, type Transport } from '@bcos-ts/sdk'
import { type ChannelCredentials, channelTransport } from '@bcos-ts/sdk/channel'
import { webSocketTransport } from '@bcos-ts/sdk/websocket'
import { UsageError } from '../errors.ts'
import { readText } from '../files.ts'
import { formOf } from './forms.ts'

export interface ConnectionOptions {
  readonly url?: string | undefined
  readonly websocket?: string | undefined
  /** `HOST:PORT`. */
  readonly channel?: string | undefined
  /** Folder with `ca.crt`, `sdk.crt` and `sdk.key`. */
  readonly certs?: string | undefined
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

/** Nothing is sent yet. Throws `CLI_USAGE` or `CLI_FILE_UNREADABLE`. */
export async function openConnection(options: ConnectionOptions): Promise<Connection> {
  const { url, websocket, channel, certs } = options
  if ([url, websocket, channel].filter((way) => way !== undefined).length > 1) {
    throw new UsageError('--url, --websocket, --channel', 'give one of them')
  }
  if (channel !== undefined) {
    if (formOf('endpoint').read(channel) === undefined) {
      throw new UsageError('--channel', `${channel} is not ${formOf('endpoint').expected}`)
    }
    if (certs === undefined) {
      throw new UsageError(
        '--channel',
        'add --certs with the folder of ca.crt, sdk.crt and sdk.key',
      )
    }
    return byChannel(channel, await readCredentials(certs))
  }
  if (certs !== undefined) throw new UsageError('--certs', 'certificates go with --channel')
  if (websocket !== undefined) {
    check('--websocket', websocket, /^wss?:$/, 'ws://127.0.0.1:8545')
    return byWebSocket(websocket)
  }
  check('--url', url ?? URL_DEFAULT, /^https?:$/, URL_DEFAULT)
  return byHttp(url ?? URL_DEFAULT)
}

function check(option: string, url: string, protocol: RegExp, example: string): void {
  if (URL.canParse(url) && protocol.test(new URL(url).protocol)) return
  throw new UsageError(option, `${url} is no address such as ${example}`)
}

function byHttp(url: string): Connection {
  const { protocol } = new URL(url)
  return {
    transport: httpTransport({ url }),
    kind: 'HTTP',
    endpoint: endpointOf(url),
    to: (endpoint) => byHttp(`${protocol}//${endpoint}`),
  }
}

function byWebSocket(url: string): Connection {
  const { protocol } = new URL(url)
  return {
    transport: webSocketTransport({ url }),
    kind: 'WebSocket',
    endpoint: endpointOf(url),
    to: (endpoint) => byWebSocket(`${protocol}//${endpoint}`),
  }
}

function byChannel(endpoint: string, credentials: ChannelCredentials): Connection {
  return {
    transport: channelTransport({ ...credentials, endpoints: [endpoint] }),
    kind: 'Channel',
    endpoint,
    to: (other) => byChannel(other, credentials),
  }
}

function endpointOf(url: string): string {
  const { hostname, port, protocol } = new URL(url)
  const usual = protocol === 'https:' || protocol === 'wss:' ? '443' : '80'
  return `${hostname}:${port === '' ? usual : port}`
}

async function readCredentials(folder: string): Promise<ChannelCredentials> {
  const [ca, certificate, key] = await Promise.all(
    ['ca.crt', 'sdk.crt', 'sdk.key'].map(async (name) => readText(join(folder, name))),
  )
  return { ca: ca ?? '', certificate: certificate ?? '', key: key ?? '' }
}
