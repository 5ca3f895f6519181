import { assert, isBcosError, type Logger } from '@bcos-ts/common'
import type { P2pFrame } from './frame.ts'
import type { Session } from './session.ts'

export type RequestHandler = (frame: P2pFrame, session: Session) => void

/** Brings requests to the module whose protocol id they carry (spec 04 §2.6). */
export class Router {
  readonly #log: Logger
  readonly #handlers = new Map<number, RequestHandler>()

  constructor(log: Logger) {
    this.#log = log
  }

  register(protocolId: number, handler: RequestHandler): () => void {
    assert(!this.#handlers.has(protocolId), `protocol id ${protocolId} has one handler`)
    this.#handlers.set(protocolId, handler)
    return () => {
      if (this.#handlers.get(protocolId) === handler) this.#handlers.delete(protocolId)
    }
  }

  dispatch(frame: P2pFrame, session: Session): void {
    const handler = this.#handlers.get(frame.protocolId)
    if (handler === undefined) {
      this.#log.trace('No handler', { protocolID: frame.protocolId, nodeID: session.peer.nodeId })
      return
    }
    try {
      handler(frame, session)
    } catch (error) {
      // What a peer's bytes cause stays with this message; a broken invariant of ours does not.
      if (!isBcosError(error)) throw error
      this.#log.warn('Message refused', {
        nodeID: session.peer.nodeId,
        protocolID: frame.protocolId,
        code: error.code,
        reason: error.message,
      })
    }
  }
}
