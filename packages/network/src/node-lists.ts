import { isHex } from '@bcos-ts/common'
import type { NodeId } from '@bcos-ts/protocol'
import { InvalidNodeIdError } from './errors.ts'

const NODE_ID_BYTES = 64

/** Which nodes a node talks to: the deny list wins; an allow list counts when it is not empty. */
export class NodeLists {
  readonly #denied: ReadonlySet<NodeId>
  #allowed: ReadonlySet<NodeId>

  /** Throws {@link InvalidNodeIdError} for an entry of the allow list that is not a node id. */
  constructor(lists: {
    readonly allowed?: readonly string[]
    readonly denied?: readonly string[]
  }) {
    // An entry that is no node id denies nobody and does no harm (spec 04 §1.4).
    this.#denied = new Set((lists.denied ?? []).map((id) => id.toLowerCase()))
    this.#allowed = readIds(lists.allowed ?? [])
  }

  isAllowed(nodeId: NodeId): boolean {
    if (this.#denied.has(nodeId)) return false
    return this.#allowed.size === 0 || this.#allowed.has(nodeId)
  }

  /** Throws {@link InvalidNodeIdError}; then the former list stays. */
  setAllowed(ids: readonly string[]): void {
    this.#allowed = readIds(ids)
  }
}

function readIds(texts: readonly string[]): Set<NodeId> {
  for (const text of texts) if (!isHex(text, NODE_ID_BYTES)) throw new InvalidNodeIdError(text)
  return new Set(texts.map((text) => text.toLowerCase()))
}
