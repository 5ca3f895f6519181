import { readFileSync } from 'node:fs'
import { connect as connectTcp, type Socket } from 'node:net'
import { join } from 'node:path'
import { connect as connectTls } from 'node:tls'
import { fromHex, to0x } from '@bcos-ts/common'
import { standardSuite } from '@bcos-ts/crypto'
import { signTransaction } from '@bcos-ts/protocol'
import { accountOf } from '@bcos-ts/sdk'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestChain, type TestChain } from './chain-kit.ts'

const ROUNDS = 230
const PIECES = 100

let chain: TestChain

beforeAll(async () => {
  chain = await startTestChain()
  // Its certificate is what an attacker inside the consortium has.
  await chain.nodes[3]!.stop()
}, 120_000)

afterAll(() => chain.dispose(), 60_000)

/** Mulberry32: the same garbage in every run. */
function garbage(seed: number): {
  below(limit: number): number
  bytes(length: number): Uint8Array
} {
  let state = seed
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return (t ^ (t >>> 14)) >>> 0
  }
  return {
    below: (limit) => next() % limit,
    bytes: (length) => Uint8Array.from({ length }, () => next() & 255),
  }
}

type Random = ReturnType<typeof garbage>

/** Writes pieces until the other side has enough or all are out; resolves when the connection is over. */
function pour(socket: Socket, pieces: readonly Uint8Array[]): Promise<void> {
  return new Promise((resolve) => {
    socket.on('error', () => {})
    socket.on('close', () => resolve())
    socket.resume()
    for (const piece of pieces) if (!socket.destroyed) socket.write(piece)
    socket.end()
    setTimeout(() => socket.destroy(), 3000).unref()
  })
}

function tls(port: number, folder: string, name: string): Promise<Socket> {
  const read = (file: string): Buffer => readFileSync(join(folder, file))
  return new Promise((resolve, reject) => {
    const socket = connectTls({
      host: '127.0.0.1',
      port,
      key: read(`${name}.key`),
      cert: read(`${name}.crt`),
      ca: read('ca.crt'),
      minVersion: 'TLSv1.2',
      maxVersion: 'TLSv1.2',
      ecdhCurve: 'secp256k1:P-256:X25519',
      checkServerIdentity: () => undefined,
    })
    socket.once('secureConnect', () => resolve(socket))
    socket.once('error', reject)
  })
}

/** A P2P frame whose header is more or less right, for a module that exists or not. */
function p2pFrame(random: Random): Uint8Array {
  const payload = random.bytes(random.below(200))
  const frame = new Uint8Array(16 + payload.length)
  const view = new DataView(frame.buffer)
  view.setUint32(0, random.below(8) === 0 ? random.below(2 ** 31) : frame.length)
  view.setUint16(4, random.below(6) === 0 ? 0x8000 : 0)
  view.setInt32(6, [1, 2, 65_544, 65_545, 65_546, 131_081, -65_545][random.below(7)]!)
  view.setUint16(10, random.below(8))
  view.setUint32(12, random.below(1000))
  frame.set(payload, 16)
  return frame
}

/** A channel frame whose header is more or less right. */
function channelFrame(random: Random): Uint8Array {
  const types = [0x12, 0x13, 0x14, 0x15, 0x16, 0x30, 0x31, 0x32, 0x35, 0x37, 0x38, 0x1000, 0x7777]
  const texts = [
    '{',
    '[]',
    '{"method":1}',
    '[[[[',
    '"',
    'null',
    '{"groupID":"x","topics":[1]}',
    '0',
  ]
  const data =
    random.below(2) === 0
      ? random.bytes(random.below(120))
      : new TextEncoder().encode(texts[random.below(texts.length)])
  const frame = new Uint8Array(42 + data.length)
  const view = new DataView(frame.buffer)
  view.setUint32(0, random.below(10) === 0 ? random.below(2 ** 31) : frame.length)
  view.setUint16(4, types[random.below(types.length)]!)
  frame.set(random.bytes(32), 6)
  frame.set(data, 42)
  return frame
}

const keys = standardSuite.keyPair(new Uint8Array(32).fill(9))
const goodTransaction = signTransaction(
  {
    nonce: 1n,
    gasPrice: 1n,
    gas: 1n,
    blockLimit: 100n,
    to: '11'.repeat(20),
    value: 0n,
    data: new Uint8Array(40),
    chainId: 1n,
    groupId: 1n,
    extraData: new Uint8Array(0),
  },
  keys,
  standardSuite,
).raw

function brokenTransaction(random: Random): string {
  const raw = goodTransaction.slice(
    0,
    random.below(2) === 0 ? goodTransaction.length : random.below(200),
  )
  if (raw.length > 0) raw[random.below(raw.length)] = random.below(256)
  return to0x(raw)
}

function httpBody(random: Random): string {
  const bodies = [
    () => '{'.repeat(random.below(5000)),
    () =>
      `[${'{"jsonrpc":"2.0","id":1,"method":"getBlockNumber","params":[1]},'.repeat(random.below(30))}]`,
    () =>
      JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'getBlockByNumber',
        params: [1, to0x(random.bytes(9)), true],
      }),
    () =>
      JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'call',
        params: [1, { from: 'x', to: [], data: 7 }],
      }),
    () => JSON.stringify({ jsonrpc: '2.0', id: {}, method: 'getPeers', params: {} }),
    () =>
      JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'sendRawTransaction',
        params: [1, brokenTransaction(random)],
      }),
    () => to0x(random.bytes(random.below(300))),
    () => '[]',
    () => '',
  ]
  return bodies[random.below(bodies.length)]!()
}

async function stillServes(): Promise<void> {
  const account = accountOf(new Uint8Array(32).fill(5), standardSuite)
  const { client } = chain.nodes[0]!
  const receipt = await client.send(account, {
    to: '5002'.padStart(40, '0'),
    data: fromHex('00000000'),
  })
  expect(receipt.status).toBe(0)
  for (const node of chain.nodes.slice(0, 3)) expect(node.isRunning).toBe(true)
}

describe('a node that is sent garbage', () => {
  it('on its P2P port, by a member of the consortium and by strangers, goes on', async () => {
    const random = garbage(1)
    const { p2p } = chain.endpoints[0]!
    const conf = join(chain.nodes[3]!.folder, 'conf')
    for (let round = 0; round < ROUNDS; round++) {
      const pieces = Array.from({ length: PIECES }, () =>
        random.below(20) === 0 ? random.bytes(random.below(100)) : p2pFrame(random),
      )
      const socket = round % 10 === 9 ? connectTcp(p2p, '127.0.0.1') : await tls(p2p, conf, 'node')
      await pour(socket, pieces)
    }
    await stillServes()
  }, 120_000)

  it('on its Channel port, by a client with a certificate and by strangers, goes on', async () => {
    const random = garbage(2)
    const { channel } = chain.endpoints[0]!
    for (let round = 0; round < ROUNDS; round++) {
      const pieces = Array.from({ length: PIECES }, () => channelFrame(random))
      const socket =
        round % 10 === 9
          ? connectTcp(channel, '127.0.0.1')
          : await tls(channel, chain.sdkFolder, 'sdk')
      await pour(socket, pieces)
    }
    await stillServes()
  }, 120_000)

  it('on its JSON-RPC port answers every body with JSON, and goes on', async () => {
    const random = garbage(3)
    const url = `http://127.0.0.1:${chain.endpoints[0]!.rpc}`
    for (let i = 0; i < 3000; i++) {
      const response = await fetch(url, { method: 'POST', body: httpBody(random) })
      const text = await response.text()
      expect(() => void JSON.parse(text === '' ? 'null' : text), text.slice(0, 200)).not.toThrow()
    }
    await stillServes()
  }, 120_000)

  it('in transactions refuses each with an error that says why', async () => {
    const random = garbage(4)
    const { client } = chain.nodes[0]!
    let refused = 0
    for (let i = 0; i < 2000; i++) {
      try {
        await client.request('sendRawTransaction', brokenTransaction(random))
      } catch (error) {
        expect(error).toMatchObject({ code: 'SDK_RPC_ERROR', message: /\S/ })
        refused += 1
      }
    }
    expect(refused).toBeGreaterThan(1900)
    await stillServes()
  }, 120_000)
})
