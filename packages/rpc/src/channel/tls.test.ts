import { connect as connectTcp } from 'node:net'
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls'
import { concatBytes, silentLogger, systemClock, systemRandom, systemTimers } from '@bcos-ts/common'
import {
  ChannelFrameDecoder,
  ChannelType,
  encodeChannelFrame,
  PUSH_SEQ,
} from '@bcos-ts/protocol/channel'
import { afterEach, describe, expect, it } from 'vitest'
import { rpcOf } from '../../test/rpc.ts'
import { TestService } from '../../test/service.ts'
import { readVectors } from '../../test/vectors.ts'
import { ChannelServer } from './server.ts'
import { TlsListener, type TlsListenerInit } from './tls.ts'

interface Certificate {
  readonly name: string
  readonly publicKey: string | null
  readonly key: string
  readonly certificate: string
  readonly ca: string
}

const certificates = new Map(
  readVectors<Certificate>('certificates.json').map((one) => [one.name, one]),
)

function certificateOf(name: string): Certificate {
  const found = certificates.get(name)
  if (found === undefined) throw new Error(`no certificate ${name}`)
  return found
}

const REQUEST = '{"jsonrpc":"2.0","method":"getGroupList","params":[],"id":1}'
const ANSWER = '{"id":1,"jsonrpc":"2.0","result":[1]}\n'

describe('the channel over TLS', () => {
  const cleanups: (() => unknown)[] = []

  afterEach(async () => {
    for (const cleanup of cleanups.splice(0)) await cleanup()
  })

  async function serve(node: string, init: Partial<TlsListenerInit> = {}) {
    const listener = new TlsListener(
      { host: '127.0.0.1', port: 0, ...certificateOf(node), ...init },
      { logger: silentLogger },
    )
    const service = new TestService()
    const keys: unknown[] = []
    const server = new ChannelServer(
      {
        listeners: [listener],
        isSdkAllowed: (_groupId, key) => {
          keys.push(key)
          return true
        },
      },
      {
        rpc: rpcOf(service),
        node: service,
        clock: systemClock,
        timers: systemTimers,
        random: systemRandom,
        logger: silentLogger,
      },
    )
    await server.start()
    cleanups.push(() => server.stop())
    return { port: listener.port, keys }
  }

  function dial(port: number, name: string, options: ConnectionOptions = {}): TLSSocket {
    const own = name === '' ? undefined : certificateOf(name)
    const socket = connect({
      port,
      host: '127.0.0.1',
      ...(own === undefined ? {} : { key: own.key, cert: own.certificate }),
      rejectUnauthorized: false,
      checkServerIdentity: () => undefined,
      maxVersion: 'TLSv1.2',
      ...options,
    })
    cleanups.push(() => socket.destroy())
    return socket
  }

  /** The pieces in which answers arrive, until so many have come; or why none did. */
  const ask = (socket: TLSSocket, requests: readonly string[]): Promise<string[] | string> =>
    new Promise((resolve) => {
      const answers: string[] = []
      socket.on('error', (error) => resolve(error.message))
      socket.on('close', () => resolve('closed'))
      socket.on('data', (piece: Uint8Array) => {
        const decoder = new ChannelFrameDecoder()
        decoder.push(new Uint8Array(piece))
        const frame = decoder.next()
        answers.push(new TextDecoder().decode(frame?.data))
        if (answers.length === requests.length) resolve(answers)
      })
      socket.on('secureConnect', () => {
        const frames = requests.map((text) =>
          encodeChannelFrame({
            type: ChannelType.rpc,
            seq: PUSH_SEQ,
            result: 0,
            data: new TextEncoder().encode(text),
          }),
        )
        socket.write(concatBytes(...frames))
      })
    })

  const EC = { node: 'node', sdk: 'sdk', suite: 'ECDHE-ECDSA-AES128-GCM-SHA256' }
  const RSA = { node: 'node, RSA', sdk: 'sdk, RSA', suite: 'ECDHE-RSA-AES128-GCM-SHA256' }

  it.each([
    { ...EC, offer: 'secp256k1 alone', options: { ecdhCurve: 'secp256k1' } },
    { ...EC, offer: 'many groups', options: { ecdhCurve: 'X25519:P-256:secp256k1' } },
    { ...RSA, offer: 'secp256k1 alone, RSA', options: { ecdhCurve: 'secp256k1' } },
    { ...RSA, offer: 'usual groups, RSA', options: { ecdhCurve: 'X25519:P-256:P-384' } },
    {
      ...RSA,
      offer: 'plain RSA key exchange',
      options: { ciphers: 'AES256-GCM-SHA384:AES128-SHA' },
      suite: 'AES256-GCM-SHA384',
    },
    { ...RSA, offer: 'an old suite', options: { ciphers: 'AES128-SHA' }, suite: 'AES128-SHA' },
  ])('serves a SDK that offers $offer', async ({ node, sdk, options, suite }) => {
    const { port } = await serve(node)
    const socket = dial(port, sdk, options)
    expect(await ask(socket, [REQUEST])).toEqual([ANSWER])
    expect([socket.getProtocol(), socket.getCipher().name]).toEqual(['TLSv1.2', suite])
  })

  it('takes the key of a client from its certificate, where it is one of a curve', async () => {
    const request = '{"jsonrpc":"2.0","method":"getBlockNumber","params":[1],"id":1}'
    const ec = await serve('node')
    await ask(dial(ec.port, 'sdk', { ecdhCurve: 'secp256k1' }), [request])
    expect(ec.keys).toEqual([certificateOf('sdk').publicKey])
    const rsa = await serve('node, RSA')
    await ask(dial(rsa.port, 'sdk, RSA'), [request])
    expect(rsa.keys).toEqual([])
  })

  it.each([
    ['of another agency', 'sdk of another agency'],
    ['of another chain', 'sdk of another chain'],
    ['without a certificate', ''],
  ])('lets no client in %s', async (_, name) => {
    const { port } = await serve('node')
    const outcome = await ask(dial(port, name, { ecdhCurve: 'secp256k1' }), [REQUEST])
    expect(outcome).toEqual(expect.any(String))
  })

  it('lets clients of other agencies in where agencies are not checked', async () => {
    const { port } = await serve('node', { isAgencyChecked: false })
    const socket = dial(port, 'sdk of another agency', { ecdhCurve: 'secp256k1' })
    expect(await ask(socket, [REQUEST])).toEqual([ANSWER])
  })

  it('has places for so many clients from one address, and gives them on when one goes', async () => {
    const { port } = await serve('node', { limits: { connectionsPerAddressMax: 2 } })
    const first = dial(port, 'sdk', { ecdhCurve: 'secp256k1' })
    const second = dial(port, 'sdk', { ecdhCurve: 'secp256k1' })
    const inside = [first, second].map((socket) => ask(socket, [REQUEST]))
    expect(await Promise.all(inside)).toEqual([[ANSWER], [ANSWER]])
    expect(await ask(dial(port, 'sdk', { ecdhCurve: 'secp256k1' }), [REQUEST])).not.toEqual([
      ANSWER,
    ])
    // Strangers that never finish a handshake take no place from the clients inside.
    const silent = connectTcp({ port, host: '127.0.0.1' })
    silent.on('error', () => {}).resume()
    await new Promise((resolve) => silent.once('close', resolve))
    expect(second.destroyed).toBe(false)
    first.destroy()
    await new Promise((resolve) => first.once('close', resolve))
    let answers: string[] | string = 'closed'
    for (let attempt = 0; attempt < 50 && typeof answers === 'string'; attempt++) {
      answers = await ask(dial(port, 'sdk', { ecdhCurve: 'secp256k1' }), [REQUEST])
    }
    expect(answers).toEqual([ANSWER])
  })

  it('sends each frame in a record of its own', async () => {
    const { port } = await serve('node, RSA')
    const requests = Array.from({ length: 100 }, () => REQUEST)
    expect(await ask(dial(port, 'sdk, RSA'), requests)).toEqual(requests.map(() => ANSWER))
  })

  it('does not wait for strangers that do not finish a handshake', async () => {
    const { port } = await serve('node', { handshakeMs: 100, limits: { connectionsMax: 2 } })
    const strangers = Array.from({ length: 4 }, () => connectTcp(port, '127.0.0.1'))
    await Promise.all(
      strangers.map(
        (socket) =>
          new Promise<void>((resolve) => {
            socket.on('error', () => {})
            socket.on('close', () => resolve())
          }),
      ),
    )
    expect(await ask(dial(port, 'sdk', { ecdhCurve: 'secp256k1' }), [REQUEST])).toEqual([ANSWER])
  })

  it('does not open with a key of somebody else, nor on a port that is taken', async () => {
    const { key } = certificateOf('sdk')
    const open = (init: Partial<TlsListenerInit>) =>
      new TlsListener(
        { host: '127.0.0.1', port: 0, ...certificateOf('node'), ...init },
        { logger: silentLogger },
      )
    for (const init of [{ key }, { key: 'x' }, { certificate: 'x' }]) {
      expect(() => open(init)).toThrow(expect.objectContaining({ code: 'RPC_INVALID_CERTIFICATE' }))
    }
    const { port } = await serve('node')
    await expect(open({ port }).listen(() => {})).rejects.toMatchObject({
      code: 'RPC_LISTEN_FAILED',
    })
  })
})
