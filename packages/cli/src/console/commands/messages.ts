/**
 * What comes by itself: messages of applications (AMOP) and events of contracts.
 * @module
 */
import { fromUtf8 } from '@bcos-ts/common'
import { Contract, type WatchedEvent } from '@bcos-ts/sdk'
import type { ConsoleCommand } from '../command.ts'
import { eventJson } from '../contract-call.ts'
import { fields, json, message, type Output, toJson } from '../output.ts'
import type { Parameter } from '../parameter.ts'
import type { Session } from '../session.ts'
import { abiOf, addressOf, CONTRACT } from './contracts.ts'

const TOPIC: Parameter = { name: 'topic', kind: 'text', help: 'name of the topic' }
const MESSAGE: Parameter = { name: 'message', kind: 'text', help: 'the text, in quotes' }
const PUSH_DETAILS = 'Needs a connection by --channel or --websocket.'

/** Counts what arrives, until there is enough of it. */
class Arrivals {
  readonly done: Promise<void>
  readonly #wanted: number
  #count = 0
  #resolve: () => void = () => {}

  constructor(wanted: number) {
    this.#wanted = wanted
    this.done = new Promise((resolve) => {
      this.#resolve = resolve
    })
  }

  add(): void {
    this.#count += 1
    if (this.#count >= this.#wanted) this.#resolve()
  }
}

function eventOutput({ name, args, log }: WatchedEvent): Output {
  return json({
    blockNumber: log.blockNumber,
    transactionHash: log.transactionHash,
    ...Object.fromEntries(Object.entries(Object(eventJson({ name, args }))).map(toPair)),
  })
}

function toPair([name, value]: readonly [string, unknown]) {
  return [name, toJson(value)] as const
}

export const MESSAGE_COMMANDS: readonly ConsoleCommand[] = [
  {
    name: 'subscribeTopic',
    theme: 'messages and events',
    summary: 'show messages of a topic as they come (AMOP)',
    parameters: [
      TOPIC,
      {
        name: 'count',
        kind: 'number',
        help: 'wait for so many messages, then end; without it they are shown until unsubscribe',
        isOptional: true,
      },
    ],
    details: PUSH_DETAILS,
    example: 'subscribeTopic weather',
    run: async (session, args) => {
      const topic = args.get('topic')
      const count = args.optionalNumber('count', 0)
      const arrivals = new Arrivals(count)
      const stop = session.client.amop.subscribe(topic, ({ payload, isBroadcast }) => {
        session.announce(
          `subscribeTopic ${topic}`,
          fields([
            ['topic', topic],
            ['message', fromUtf8(payload)],
            ['broadcast', isBroadcast],
          ]),
        )
        arrivals.add()
        return ''
      })
      if (count === 0) return inBackground(session, `topic ${topic}`, stop)
      await session.waitFor(arrivals.done)
      stop()
      return message('')
    },
  },
  {
    name: 'publishTopic',
    theme: 'messages and events',
    summary: 'send a message to one subscriber of a topic, and show the answer (AMOP)',
    parameters: [TOPIC, MESSAGE],
    details: PUSH_DETAILS,
    example: 'publishTopic weather "rain in the evening"',
    run: async (session, args) => {
      const answer = await session.client.amop.send(args.get('topic'), args.get('message'))
      return fields([['answer', fromUtf8(answer)]])
    },
  },
  {
    name: 'broadcastTopic',
    theme: 'messages and events',
    summary: 'send a message to all subscribers of a topic (AMOP)',
    parameters: [TOPIC, MESSAGE],
    details: PUSH_DETAILS,
    example: 'broadcastTopic weather "rain in the evening"',
    run: async (session, args) => {
      await session.client.amop.broadcast(args.get('topic'), args.get('message'))
      return message('Sent.', { topic: args.get('topic') })
    },
  },
  {
    name: 'listenEvent',
    theme: 'messages and events',
    summary: 'show events of a contract, of blocks that are there and as they come',
    parameters: [
      CONTRACT,
      {
        name: 'contractAddress',
        kind: 'deployed',
        help: 'address of the contract, or latest for the one that was deployed last from here',
      },
      { name: 'event', kind: 'text', help: 'name of the event' },
      {
        name: 'fromBlock',
        kind: 'number',
        help: 'first block to look at (default: the newest)',
        isOptional: true,
      },
      {
        name: 'toBlock',
        kind: 'number',
        help: 'last block to look at; without it events are shown until unsubscribe',
        isOptional: true,
      },
    ],
    example: 'listenEvent HelloWorld latest Changed 1 100',
    run: async (session, args) => {
      const contract = args.get('contract')
      const address = await addressOf(session, contract, args.get('contractAddress'))
      const abi = await abiOf(session, contract, address)
      const event = args.get('event')
      const [from, to] = [args.optional('fromBlock'), args.optional('toBlock')]
      const watch = new Contract(address, { ...(await session.user()), abi }).events(
        event,
        (found) => session.announce(`listenEvent ${event}`, eventOutput(found)),
        {
          ...(from !== undefined && { from: Number(from) }),
          ...(to !== undefined && { to: Number(to) }),
          ...(to === undefined && { onError: (error: Error) => session.say(error.message) }),
        },
      )
      if (to === undefined) {
        return inBackground(session, `event ${event} of ${address}`, () => watch.stop())
      }
      await session.waitFor(watch.ended)
      watch.stop()
      return message('')
    },
  },
  {
    name: 'unsubscribe',
    theme: 'messages and events',
    summary: 'show no more messages and events',
    parameters: [],
    example: 'unsubscribe',
    run: async (session) => {
      const ended = session.endBackground()
      const text = ended.length === 0 ? 'There was none.' : `Ended: ${ended.join(', ')}.`
      return message(text, { ended })
    },
  },
]

function inBackground(session: Session, what: string, stop: () => void): Output {
  session.addBackground(what, stop)
  return message(`Listening to ${what}; unsubscribe ends it.`, { listening: what })
}
