import { connect } from 'node:net'
import {
  fromUtf8,
  silentLogger,
  systemClock,
  systemRandom,
  systemTimers,
  utf8,
} from '@bcos-ts/common'
import {
  ChannelType,
  decodeChannelFrame,
  encodeChannelFrame,
  PUSH_SEQ,
} from '@bcos-ts/protocol/channel'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { rpcOf } from '../test/rpc.ts'
import { TestService } from '../test/service.ts'
import { ChannelServer, type ClientListener } from './channel/index.ts'
import { HttpServer } from './http.ts'
import { WebSocketListener, type WebSocketListenerInit } from './websocket.ts'

const REQUEST = '{"jsonrpc":"2.0","method":"getGroupList","params":[],"id":1}'
const ANSWER = '{"id":1,"jsonrpc":"2.0","result":[1]}\n'

function frameOf(text: string, type: number = ChannelType.rpc): Uint8Array {
  return encodeChannelFrame({ type, seq: PUSH_SEQ, result: 0, data: utf8(text) })
}

describe('the channel over WebSocket', () => {
  const cleanups: (() => unknown)[] = []

  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
  })

  async function serve(
    init: Partial<WebSocketListenerInit> = {},
    others: readonly ClientListener[] = [],
  ) {
    const node = new TestService()
    const rpc = rpcOf(node)
    const logger = silentLogger
    const http = new HttpServer({ host: '127.0.0.1', port: 0 }, { rpc, logger })
    const listener = new WebSocketListener({ ...init, http }, { logger })
    const parts = { clock: systemClock, timers: systemTimers, random: systemRandom, logger }
    const channel = new ChannelServer({ listeners: [listener, ...others] }, { ...parts, rpc, node })
    await channel.start()
    await http.start()
    cleanups.push(
      () => channel.stop(),
      () => http.stop(),
    )
    return { port: http.port, http, channel, node }
  }

  function dial(port: number, headers: Record<string, string> = {}): WebSocket {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/`, { headers })
    cleanups.push(() => socket.terminate())
    return socket
  }

  /** What comes back: texts of frames, then how it ended if it did. */
  function exchange(
    socket: WebSocket,
    messages: readonly (Uint8Array | string)[],
    answers: number,
  ): Promise<readonly unknown[]> {
    return new Promise((resolve) => {
      const received: unknown[] = []
      const take = (one: unknown): void => {
        received.push(one)
        if (received.length === answers) resolve([...received])
      }
      socket.on('open', () => {
        for (const message of messages) socket.send(message)
      })
      socket.on('message', (data: Uint8Array) =>
        take(fromUtf8(decodeChannelFrame(new Uint8Array(data))?.data ?? new Uint8Array(0))),
      )
      socket.on('close', (code) => take(code))
      socket.on('error', (error) => take(error.message))
    })
  }

  it('answers frames, one message each, on the port of JSON-RPC', async () => {
    const { port } = await serve()
    const response = await fetch(`http://127.0.0.1:${port}`, { method: 'POST', body: REQUEST })
    expect(await response.text()).toBe(ANSWER)
    const handshake = frameOf('{"minimumSupport":1,"maximumSupport":3}', ChannelType.handshake)
    const messages = [handshake, frameOf(REQUEST), frameOf(REQUEST)]
    expect(await exchange(dial(port), messages, 3)).toEqual([
      '{"nodeVersion":"2.9.0","protocol":3}\n',
      ANSWER,
      ANSWER,
    ])
  })

  it('ends for whoever sends anything but one frame a message', async () => {
    const { port } = await serve()
    const two = new Uint8Array([
      ...frameOf('0', ChannelType.heartbeat),
      ...frameOf('0', ChannelType.heartbeat),
    ])
    expect(await exchange(dial(port), [two], 1)).toEqual([1008])
    expect(await exchange(dial(port), [frameOf(REQUEST).subarray(0, 50)], 1)).toEqual([1008])
    expect(await exchange(dial(port), [new Uint8Array(0)], 1)).toEqual([1008])
    expect(await exchange(dial(port), [REQUEST], 1)).toEqual([1003])
    const empty = encodeChannelFrame({ type: 0x99, seq: '', result: 0, data: new Uint8Array(0) })
    const heartbeat = frameOf('0', ChannelType.heartbeat)
    expect(await exchange(dial(port), [empty, heartbeat], 1)).toEqual(['1'])
  })

  it('bounds one message, and what all clients leave unfinished', async () => {
    const { port } = await serve({ messageBytesMax: 1000, messagesBytesMax: 4000 })
    expect(await exchange(dial(port), [frameOf('x'.repeat(2000))], 1)).toEqual([1009])
    const half = (): Promise<unknown> => {
      const socket = dial(port)
      const ended = new Promise((resolve) => void socket.on('close', (code) => resolve(code)))
      // A message in two parts of which the second never comes.
      socket.on('open', () => socket.send(new Uint8Array(900), { fin: false }))
      return ended
    }
    const codes = [half(), half(), half(), half(), half()]
    expect(await Promise.race(codes)).toBe(1009)
    expect(await exchange(dial(port), [frameOf('0', ChannelType.heartbeat)], 1)).toEqual(['1'])
  })

  it('bounds how many connect', async () => {
    const { port } = await serve({ limits: { connectionsPerAddressMax: 1 } })
    const first = dial(port)
    await new Promise((resolve) => void first.on('open', resolve))
    expect(await exchange(dial(port), [], 1)).toEqual(['Unexpected server response: 503'])
    first.terminate()
    await expect
      .poll(() => exchange(dial(port), [frameOf('0', ChannelType.heartbeat)], 1))
      .toEqual(['1'])
  })

  it('is for programs, pages of this machine, and pages that are named: a browser carries any page here', async () => {
    const { port } = await serve({ allowedOrigins: ['https://console.example'] })
    const outcome = async (origin: string) =>
      (await exchange(dial(port, { origin }), [frameOf('0', ChannelType.heartbeat)], 1))[0]
    for (const origin of [
      'https://console.example',
      'http://localhost:3000',
      'http://127.0.0.1:8080',
      'http://[::1]',
    ]) {
      expect(await outcome(origin)).toBe('1')
    }
    for (const origin of ['https://evil.example', 'http://localhost.evil.example', 'null']) {
      expect(await outcome(origin)).toBe('Unexpected server response: 403')
    }
  })

  it('pushes blocks', async () => {
    const { port, node } = await serve()
    const like = node.chain.block(1)
    if (like === undefined) throw new Error('not recorded')
    const socket = dial(port)
    const pushed = exchange(
      socket,
      [frameOf('["_block_notify_1"]', ChannelType.subscribe), frameOf(REQUEST)],
      2,
    )
    socket.on('message', () => {
      const block = { ...like, header: { ...like.header, number: 420 } }
      node.chain.append(block, new Uint8Array(32))
    })
    expect(await pushed).toEqual([ANSWER, expect.stringMatching(/_block_notify_11,420$/)])
  })

  it('ends with the server, whichever is stopped first, and takes a start that fails back', async () => {
    const { port, http } = await serve()
    const socket = dial(port)
    await new Promise((resolve) => void socket.on('open', resolve))
    const ended = new Promise((resolve) => void socket.on('close', resolve))
    await http.stop()
    await ended
    const failing: ClientListener = {
      listen: () => Promise.reject(new Error('taken')),
      close: () => Promise.resolve(),
    }
    await expect(serve({}, [failing])).rejects.toThrow('taken')
  })

  it('survives clients that go away in the middle of asking', async () => {
    const { port } = await serve()
    for (const text of [
      'GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
      'GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: other\r\n\r\n',
      'GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x\r\nOrigin: http://evil\r\n\r\n',
    ]) {
      const socket = connect(port, '127.0.0.1')
      socket.on('error', () => {})
      socket.resume()
      socket.end(text)
      await new Promise((resolve) => void socket.on('close', resolve))
    }
    expect(await exchange(dial(port), [frameOf(REQUEST)], 1)).toEqual([ANSWER])
  })
})
