import type { PbftHost } from '@bcos-ts/consensus'
import type { CompanionKind } from '../model/companion.ts'
import type { ModelMessage } from '../model/message.ts'
import type { Toolbox } from './toolbox.ts'

/** How one adversary acts: each of these stands between an honest node and the world. */
export interface Behaviour {
  /** What leaves in place of a message of the node behind; `undefined`: the message itself. */
  readonly send?: (to: number, message: ModelMessage) => readonly ModelMessage[] | undefined
  /** `false`: the node behind does not hear it. */
  readonly hear?: (message: ModelMessage, from: number) => boolean
  /** Now and then, a few times a second. */
  readonly act?: () => void
  /** Another host for the engine behind: other executions, another clock. */
  readonly alterHost?: (host: PbftHost) => PbftHost
}

/** An idea of how to stop or split a group. */
export interface AdversaryKind {
  readonly name: string
  /** One sentence: what it tries. */
  readonly idea: string
  /** What it does, for somebody who wants to know what was tested. */
  readonly does: string
  /** The whole of it acts on one node; a group may hold several. */
  readonly behave: (tools: Toolbox) => Behaviour
  /** Its clock is off by so much, milliseconds. */
  readonly offsetMs?: number
  /** A second machine goes by the same key. */
  readonly isTwin?: boolean
  /** Makes sense only against pool and synchronisation as they ship. */
  readonly companion?: CompanionKind
}
