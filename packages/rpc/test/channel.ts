import { type Clock, createLogger, type LogRecord, type RandomSource } from '@bcos-ts/common'
import { World } from '@bcos-ts/testing/simulator'
import { ChannelServer, type ChannelServerInit } from '../src/channel/server.ts'
import { JsonRpc } from '../src/json-rpc.ts'
import { LinkedAmop } from './amop-network.ts'
import { TestListener } from './client.ts'
import { suite, TestService } from './service.ts'

const firstChoice: RandomSource = { bytes: (length) => new Uint8Array(length) }

export interface TestNode {
  readonly service: TestService
  readonly amop: LinkedAmop
  readonly listener: TestListener
  readonly server: ChannelServer
  readonly logs: readonly LogRecord[]
}

/** Started nodes with a channel each, in one virtual time. */
export async function channelNodes(
  size: number,
  init: Partial<Omit<ChannelServerInit, 'listeners'>> = {},
  clockOf: (time: World) => Clock = (time) => time,
): Promise<{ time: World; nodes: TestNode[] }> {
  // Requests are answered in turns of the event loop, so that one client cannot hold up the others.
  const time = new World({ startMs: 1_000_000, turns: 3 })
  const clock = clockOf(time)
  const nodes = LinkedAmop.network(size).map((amop): TestNode => {
    const service = new TestService()
    service.amop = amop
    const logs: LogRecord[] = []
    const logger = createLogger({ isOn: () => true, write: (record) => void logs.push(record) })
    const listener = new TestListener(time)
    const server = new ChannelServer(
      { ...init, listeners: [listener] },
      {
        rpc: new JsonRpc({ node: service, suite }, logger, { clock }),
        node: service,
        clock,
        timers: time,
        random: firstChoice,
        logger,
      },
    )
    return { service, amop, listener, server, logs }
  })
  for (const { server } of nodes) await server.start()
  return { time, nodes }
}
