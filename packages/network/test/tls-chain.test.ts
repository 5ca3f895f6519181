import {
  noMetrics,
  silentLogger,
  systemClock,
  systemRandom,
  systemTimers,
  utf8,
} from '@bcos-ts/common'
import { protocolIdOf } from '@bcos-ts/protocol/ports'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { P2pHost } from '../src/host.ts'
import { tlsTransport } from '../src/tls/index.ts'
import { certificateOf } from './certificates.ts'

const PBFT = protocolIdOf(1, 8)
const NAMES = ['node0', 'node1', 'node2', 'node3'] as const

const components = {
  clock: systemClock,
  timers: systemTimers,
  random: systemRandom,
  logger: silentLogger,
  metrics: noMetrics,
}

function hostOf(name: string): P2pHost {
  const transport = tlsTransport({ listen: '127.0.0.1:0', ...certificateOf(name) })
  return new P2pHost({ transport, peers: [] }, components)
}

/** Resolves when every node has a session with every other. */
function allConnected(hosts: readonly P2pHost[]): Promise<void> {
  return new Promise((resolve) => {
    const check = (): void => {
      if (hosts.every((host) => host.peers().length === hosts.length - 1)) resolve()
    }
    for (const host of hosts) host.onConnection(check)
    check()
  })
}

describe('four nodes over TLS', () => {
  const hosts = NAMES.map(hostOf)

  beforeAll(async () => {
    for (const host of hosts) await host.start()
    const endpoints = hosts.map((host) => host.endpoint)
    for (const host of hosts) host.configurePeers(endpoints)
    await allConnected(hosts)
  })

  afterAll(async () => {
    for (const host of hosts) await host.stop()
  })

  it('know each other by their certificates', () => {
    const peers = hosts[0]?.peers().map(({ nodeId, agency, nodeName }) => ({
      nodeId,
      agency,
      nodeName,
    }))
    for (const nodeName of NAMES.slice(1)) {
      const { nodeId } = certificateOf(nodeName)
      expect(peers).toContainEqual({ nodeId, agency: 'agency', nodeName })
    }
  })

  it('carry messages of a megabyte and of a byte, in order', async () => {
    const [first, ...others] = hosts
    const large = new Uint8Array(1_000_000).map((_, i) => (i * 31) >>> 3)
    const received = others.map(
      (host) =>
        new Promise<number[]>((resolve) => {
          const lengths: number[] = []
          host.register(PBFT, ({ payload }, from) => {
            expect(from).toBe(first?.self)
            if (lengths.push(payload.length) === 102) resolve(lengths)
          })
        }),
    )
    const ids = others.map((host) => host.self)
    first?.multicast(ids, { protocolId: PBFT, packetType: 0, payload: large })
    for (let i = 0; i < 100; i++) {
      first?.multicast(ids, { protocolId: PBFT, packetType: 0, payload: utf8('x') })
    }
    first?.multicast(ids, { protocolId: PBFT, packetType: 0, payload: large })
    for (const lengths of await Promise.all(received)) {
      expect(lengths).toEqual([1_000_000, ...Array.from({ length: 100 }, () => 1), 1_000_000])
    }
  })
})
