import type { PbftHost } from '@bcos-ts/consensus'
import type { NodeEnvironment } from '@bcos-ts/testing/simulator'
import type { ModelMessage } from '../model/message.ts'
import type { ModelNode } from '../model/node.ts'
import type { AdversaryKind, Behaviour } from './adversary.ts'
import { Toolbox, type ToolboxInit } from './toolbox.ts'

const ACT_EVERY_MS = 400

/** One life of a node that lies: the behaviours of its kinds, one behind the other, around an honest engine. */
export class Interposed {
  readonly environment: NodeEnvironment<ModelMessage>
  readonly #tools: Toolbox
  readonly #behaviours: readonly Behaviour[]

  constructor(kinds: readonly AdversaryKind[], init: ToolboxInit) {
    this.#tools = new Toolbox(init)
    this.#behaviours = kinds.map((kind) => kind.behave(this.#tools))
    const { environment } = init
    this.environment = {
      ...environment,
      network: {
        ...environment.network,
        send: (to, message) => {
          for (const one of this.#sent(to, message)) environment.network.send(to, one)
        },
        onMessage: (deliver) =>
          environment.network.onMessage((message, from) => {
            if (this.#hears(message, from)) deliver(message, from)
          }),
      },
    }
  }

  alterHost(host: PbftHost): PbftHost {
    return this.#behaviours.reduce(
      (altered, { alterHost }) => alterHost?.(altered) ?? altered,
      host,
    )
  }

  attach(node: ModelNode): void {
    this.#tools.attach(node)
    if (this.#behaviours.some(({ act }) => act !== undefined)) this.#actLater()
  }

  #sent(to: number, message: ModelMessage): readonly ModelMessage[] {
    let messages: readonly ModelMessage[] = [message]
    for (const { send } of this.#behaviours) {
      if (send !== undefined) messages = messages.flatMap((one) => send(to, one) ?? [one])
    }
    return messages
  }

  #hears(message: ModelMessage, from: number): boolean {
    let isHeard = true
    for (const { hear } of this.#behaviours) {
      if (hear?.(message, from) === false) isHeard = false
    }
    return isHeard
  }

  #actLater(): void {
    const { timers, prng } = this.#tools.init.environment
    timers.after(prng.between(0, 2 * ACT_EVERY_MS), () => {
      for (const { act } of this.#behaviours) act?.()
      this.#actLater()
    })
  }
}
