import { connect as connectTcp, createServer as createTcpServer, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { afterEach, describe, expect, it } from 'vitest'
import { certificateOf } from '../../test/certificates.ts'
import { describeTransport } from '../compliance.ts'
import { parseEndpoint } from '../endpoint.ts'
import type { Connection, Transport } from '../transport.ts'
import { tlsTransport, type TlsTransportInit } from './index.ts'

function transportOf(name: string, init: Partial<TlsTransportInit> = {}): Transport {
  return tlsTransport({ listen: '127.0.0.1:0', ...certificateOf(name), ...init })
}

let count = 0
describeTransport('TLS', {
  create: ({ connectionsMax }) => {
    count += 1
    return Promise.resolve(transportOf(`node${count % 4}`, { limits: { connectionsMax } }))
  },
})

describe('TLS transport', () => {
  const cleanups: (() => void)[] = []

  afterEach(() => {
    for (const cleanup of cleanups.splice(0)) cleanup()
  })

  async function server(init: Partial<TlsTransportInit> = {}) {
    const transport = transportOf('node0', init)
    const accepted: Connection[] = []
    const address = await transport.listen((connection) => {
      accepted.push(connection)
      cleanups.push(() => connection.close('test over'))
    })
    cleanups.push(() => void transport.close())
    return { address, accepted, ...parseEndpoint(address) }
  }

  const ended = (socket: Socket): Promise<string> =>
    new Promise((resolve) => {
      let reason = 'closed'
      socket.on('error', (error) => (reason = error.message))
      socket.on('close', () => resolve(reason))
      socket.resume()
      cleanups.push(() => socket.destroy())
    })

  it('takes the node id from the key, agency and name from the certificate', () => {
    const { nodeId } = certificateOf('node2')
    expect(transportOf('node2').self).toEqual({ nodeId, agency: 'agency', nodeName: 'node2' })
  })

  it.each(['rsa', 'agency'])(
    'does not start with the certificate "%s", which is no node',
    (name) => {
      expect(() => transportOf(name)).toThrow(
        expect.objectContaining({ code: 'NETWORK_INVALID_CERTIFICATE' }),
      )
    },
  )

  it('does not start with a key of somebody else, or with text that is neither', () => {
    const { key } = certificateOf('node1')
    for (const init of [{ key }, { key: 'nonsense' }, { certificate: 'nonsense' }]) {
      expect(() => transportOf('node0', init)).toThrow(
        expect.objectContaining({ code: 'NETWORK_INVALID_CERTIFICATE' }),
      )
    }
  })

  it('says why when its port is taken', async () => {
    const { address } = await server()
    const second = transportOf('node1', { listen: address })
    await expect(second.listen(() => {})).rejects.toMatchObject({ code: 'NETWORK_LISTEN_FAILED' })
  })

  it('lets nobody in whose certificate does not lead to the chain', async () => {
    const { address, accepted, host, port } = await server()
    await expect(transportOf('foreign').dial(address)).rejects.toMatchObject({
      code: 'NETWORK_DIAL_FAILED',
    })
    // A foreigner who trusts everybody, one without a certificate, and one that is no node.
    const { key, certificate: cert } = certificateOf('foreign')
    const rsa = certificateOf('rsa')
    const lax = { host, port, rejectUnauthorized: false, maxVersion: 'TLSv1.2' as const }
    for (const own of [{ key, cert }, {}, { key: rsa.key, cert: rsa.certificate }]) {
      await ended(connectTls({ ...lax, ecdhCurve: 'secp256k1', ...own }))
    }
    expect(accepted).toEqual([])
  })

  it('does not talk to a server that cannot prove to be a node of the chain', async () => {
    const foreign = transportOf('foreign')
    cleanups.push(() => void foreign.close())
    const address = await foreign.listen(() => {})
    await expect(transportOf('node0').dial(address)).rejects.toMatchObject({
      code: 'NETWORK_DIAL_FAILED',
    })
  })

  it('speaks TLS 1.2 with an ephemeral key on the curve that reference nodes use, and no other', async () => {
    const { host, port } = await server()
    const { key, certificate: cert, ca } = certificateOf('node1')
    const own = { host, port, key, cert, ca, checkServerIdentity: () => undefined }
    const socket = connectTls({ ...own, ecdhCurve: 'secp256k1', maxVersion: 'TLSv1.2' })
    const parameters = await new Promise((resolve) => {
      socket.once('secureConnect', () =>
        resolve([socket.getProtocol(), socket.getCipher().name, socket.getEphemeralKeyInfo()]),
      )
    })
    expect(parameters).toEqual([
      'TLSv1.2',
      'ECDHE-ECDSA-AES128-GCM-SHA256',
      { type: 'ECDH', name: 'secp256k1', size: 256 },
    ])
    socket.destroy()
    expect(await ended(connectTls({ ...own, maxVersion: 'TLSv1.1', minVersion: 'TLSv1' }))).toMatch(
      /version|protocol/i,
    )
  })

  it('cuts off strangers that do not finish a handshake, and those that talk nonsense', async () => {
    const { host, port, accepted } = await server({ handshakeMs: 150 })
    const silent = connectTcp({ host, port })
    const babbling = connectTcp({ host, port }, () => babbling.write('GET / HTTP/1.1\r\n\r\n'))
    await Promise.all([ended(silent), ended(babbling)])
    expect(accepted).toEqual([])
  })

  it('gives up on a server that does not finish a handshake', async () => {
    const mute = createTcpServer(() => {})
    const port = await new Promise<number>((resolve) => {
      mute.listen(0, '127.0.0.1', () => {
        const address = mute.address()
        resolve(typeof address === 'object' ? (address?.port ?? 0) : 0)
      })
    })
    cleanups.push(() => void mute.close())
    const dialled = transportOf('node1', { handshakeMs: 150 }).dial(`127.0.0.1:${port}`)
    await expect(dialled).rejects.toMatchObject({
      code: 'NETWORK_DIAL_FAILED',
      details: { reason: 'the handshake takes too long' },
    })
  })

  it('survives thousands of connections that send garbage', async () => {
    const { host, port, address, accepted } = await server({ handshakeMs: 2000 })
    let state = 7
    const garbage = (length: number): Uint8Array =>
      new Uint8Array(length).map(() => {
        state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
        return state >>> 24
      })
    for (let round = 0; round < 40; round++) {
      const batch = Array.from({ length: 50 }, (_, i) => {
        const socket = connectTcp({ host, port }, () => socket.end(garbage(i * 3)))
        return ended(socket)
      })
      await Promise.all(batch)
    }
    expect(accepted).toEqual([])
    const good = await transportOf('node3').dial(address)
    expect(good.peer.nodeName).toBe('node0')
    good.close('done')
  })
})
