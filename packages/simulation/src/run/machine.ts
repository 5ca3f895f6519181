import type { NodeEnvironment, SimulatedNode } from '@bcos-ts/testing/simulator'
import type { ModelMessage } from '../model/message.ts'
import type { ModelNode } from '../model/node.ts'

/** What travels between machines: a message of one of the groups they share. */
export interface GroupMessage {
  readonly group: number
  readonly message: ModelMessage
}

type Deliver = (message: ModelMessage, from: number) => void

/** One life of one machine: a node of each group, on one disk, one clock and one network card. */
export class Machine implements SimulatedNode {
  readonly groups: readonly ModelNode[]
  readonly #deliver: (Deliver | undefined)[] = []

  constructor(
    environment: NodeEnvironment<GroupMessage>,
    groups: number,
    createNode: (environment: NodeEnvironment<ModelMessage>, group: number) => ModelNode,
  ) {
    environment.network.onMessage(({ group, message }, from) => {
      this.#deliver[group]?.(message, from)
    })
    this.groups = Array.from({ length: groups }, (_, group) =>
      createNode(this.#environmentOf(environment, group), group),
    )
  }

  async start(): Promise<void> {
    await Promise.all(this.groups.map((node) => node.start()))
  }

  #environmentOf(
    machine: NodeEnvironment<GroupMessage>,
    group: number,
  ): NodeEnvironment<ModelMessage> {
    const { disk, network } = machine
    return {
      index: machine.index,
      clock: machine.clock,
      timers: machine.timers,
      prng: machine.prng.fork(),
      isAlive: () => machine.isAlive(),
      disk: {
        read: (name) => disk.read(`${group}/${name}`),
        write: (name, bytes) => disk.write(`${group}/${name}`, bytes),
      },
      network: {
        send: (to, message) => network.send(to, { group, message }),
        isConnected: (to) => network.isConnected(to),
        onMessage: (deliver) => {
          this.#deliver[group] = deliver
        },
      },
    }
  }
}
