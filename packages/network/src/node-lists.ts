import { isHex } from '@bcos-ts/common'
import type { NodeId } from '@bcos-ts/protocol'
import { InvalidNodeIdError } from './errors.ts'

const NODE_ID_BYTES = 64

/** Node ids of 128 hex digits, in either case. */
export interface NodeIdLists {
  /** Empty: everybody with a good certificate. */
  readonly allowed?: readonly string[]
  /** Refused, whatever else is said. */
  readonly denied?: readonly string[]
}

/** Which nodes a node talks to: the deny list wins; an allow list counts when it is not empty. */
export class NodeLists {
  #denied: ReadonlySet<NodeId> = new Set()
  #allowed: ReadonlySet<NodeId> = new Set()

  /** Throws {@link InvalidNodeIdError}. */
  constructor(lists: NodeIdLists) {
    this.replace(lists)
  }

  isAllowed(nodeId: NodeId): boolean {
    if (this.#denied.has(nodeId)) return false
    return this.#allowed.size === 0 || this.#allowed.has(nodeId)
  }

  /** Throws {@link InvalidNodeIdError} for an entry that is no node id; then the former lists stay, both. */
  replace({ allowed = [], denied = [] }: NodeIdLists): void {
    const next = { allowed: readIds(allowed), denied: readIds(denied) }
    this.#allowed = next.allowed
    this.#denied = next.denied
  }
}

function readIds(texts: readonly string[]): Set<NodeId> {
  for (const text of texts) if (!isHex(text, NODE_ID_BYTES)) throw new InvalidNodeIdError(text)
  return new Set(texts.map((text) => text.toLowerCase()))
}
