import { request } from 'node:http'
import { connect } from 'node:net'
import { silentLogger } from '@bcos-ts/common'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { rpcOf } from '../test/rpc.ts'
import { TestService } from '../test/service.ts'
import { readVectors } from '../test/vectors.ts'
import { HttpServer, type HttpServerInit } from './http.ts'

interface HttpExchange {
  readonly label: string
  readonly requestBody?: string
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly responseBody: string
}

interface Answer {
  readonly status: number | undefined
  readonly headers: Record<string, unknown>
  readonly body: string
}

describe('HTTP', () => {
  let server: HttpServer

  const serve = async (init: Partial<HttpServerInit> = {}): Promise<void> => {
    const service = new TestService()
    service.chain.state.height = 418
    server = new HttpServer(
      { host: '127.0.0.1', port: 0, ...init },
      { rpc: rpcOf(service), logger: silentLogger },
    )
    await server.start()
  }

  beforeEach(() => serve())
  afterEach(() => server.stop())

  const send = (method: string, body?: string, path = '/'): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const sent = request({ port: server.port, method, path }, (response) => {
        let text = ''
        response.setEncoding('utf8')
        response.on('data', (piece: string) => (text += piece))
        response.on('end', () => {
          const { date, ...headers } = response.headers
          expect(date).toBeDefined()
          resolve({ status: response.statusCode, headers, body: text })
        })
      })
      sent.on('error', reject)
      sent.end(body)
    })

  /** Everything a raw conversation brings until the server ends it. */
  const converse = (text: string): Promise<string> =>
    new Promise((resolve) => {
      let received = ''
      const socket = connect(server.port, '127.0.0.1', () => socket.write(text))
      socket.setEncoding('utf8')
      socket.on('data', (piece: string) => (received += piece))
      socket.on('error', () => {})
      socket.on('close', () => resolve(received))
    })

  it.each(readVectors<HttpExchange>('http.json'))('$label, as recorded', async (recorded) => {
    const { label, requestBody, status, headers, responseBody } = recorded
    const method = requestBody === undefined ? (label.split(' ')[0] ?? '') : 'POST'
    expect(await send(method, requestBody)).toEqual({ status, headers, body: responseBody })
  })

  it('answers on every path, and several requests on one connection', async () => {
    const body = '{"jsonrpc":"2.0","method":"getGroupList","params":[],"id":1}'
    expect((await send('POST', body, '/any/path?x=1')).status).toBe(200)
    const one = `POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`
    const last = one.replace('Host: x', 'Host: x\r\nConnection: close')
    const received = await converse(one + one + last)
    expect(received.match(/"result":\[1\]/g)).toHaveLength(3)
  })

  it('ends a conversation whose method it does not know and that brings a body', async () => {
    expect(await converse('PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nxx')).toBe('')
  })

  it('carries text of any language', async () => {
    const body = '{"jsonrpc":"2.0","method":"getBlockNumber","params":[1],"id":"区块"}'
    expect((await send('POST', body)).body).toContain('"id":"区块"')
  })

  it('ends a request that is too long, alone or with the others', async () => {
    await server.stop()
    await serve({ bodyBytesMax: 1000, bodiesBytesMax: 1500 })
    await expect(send('POST', 'x'.repeat(1001))).rejects.toThrow(/hang up|reset|EPIPE/)
    const half = `POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n\r\n${'x'.repeat(800)}`
    const socket = connect(server.port, '127.0.0.1')
    socket.on('error', () => {})
    await new Promise<void>((resolve) => void socket.write(half, () => resolve()))
    let refused = false
    while (!refused) {
      refused = await send('POST', 'x'.repeat(800)).then(
        () => false,
        () => true,
      )
    }
    socket.destroy()
    let status: number | undefined
    while (status !== 200) {
      status = await send('POST', 'x'.repeat(800)).then(
        (answer) => answer.status,
        () => undefined,
      )
    }
  })

  it('does not wait for clients that never finish their request', async () => {
    await server.stop()
    await serve({ requestMs: 100 })
    expect(await converse('POST / HTTP/1.1\r\nHost: x\r\n')).toMatch(/^$|408/)
    expect(await converse('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nx')).toMatch(
      /^$|408/,
    )
  })

  it('survives garbage', async () => {
    await server.stop()
    await serve({ requestMs: 200 })
    let state = 3
    for (let round = 0; round < 4; round++) {
      await Promise.all(
        Array.from({ length: 250 }, (_, i) => {
          const bytes = Array.from({ length: i }, () => {
            state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
            return String.fromCharCode(state >>> 25)
          })
          return converse(`${bytes.join('')}\r\n\r\n`)
        }),
      )
    }
    expect((await send('POST', '{}')).status).toBe(200)
  })

  it('says why when its port is taken', async () => {
    const second = new HttpServer(
      { host: '127.0.0.1', port: server.port },
      { rpc: rpcOf(new TestService()), logger: silentLogger },
    )
    await expect(second.start()).rejects.toMatchObject({ code: 'RPC_LISTEN_FAILED' })
    await second.stop()
  })
})
