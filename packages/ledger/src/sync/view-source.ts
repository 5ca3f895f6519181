import { type NodeId, sortNodeIds } from '@bcos-ts/protocol'
import type { BlockStore, P2pNetwork } from '@bcos-ts/protocol/ports'
import type { GroupView } from './group-view.ts'

export interface ViewComponents {
  readonly chain: Pick<BlockStore, 'membership' | 'onCommit'>
  readonly network: Pick<P2pNetwork, 'self' | 'peers' | 'onConnection'>
}

/** The present view of the group; `onChange` hears of each other one, until `stop`. */
export class ViewSource {
  readonly #components: ViewComponents
  readonly #onChange: (view: GroupView) => void
  #subscriptions: readonly (() => void)[] = []
  #view: GroupView

  constructor(components: ViewComponents, onChange: (view: GroupView) => void) {
    this.#components = components
    this.#onChange = onChange
    this.#view = this.#read()
  }

  get view(): GroupView {
    return this.#view
  }

  start(): void {
    const { chain, network } = this.#components
    this.#subscriptions = [
      chain.onCommit(() => this.#refresh()),
      network.onConnection(() => this.#refresh()),
    ]
    this.#view = this.#read()
    this.#onChange(this.#view)
  }

  stop(): void {
    for (const unsubscribe of this.#subscriptions) unsubscribe()
    this.#subscriptions = []
  }

  #refresh(): void {
    const view = this.#read()
    if (isSame(view, this.#view)) return
    this.#view = view
    this.#onChange(view)
  }

  #read(): GroupView {
    const { chain, network } = this.#components
    const { sealers, workingSealers, observers } = chain.membership()
    const connected = new Set<NodeId>()
    for (const { nodeId } of network.peers()) if (nodeId !== network.self) connected.add(nodeId)
    return {
      self: network.self,
      consensusNodes: workingSealers,
      sealers,
      members: sortNodeIds([...sealers, ...observers]),
      connected,
    }
  }
}

function isSame(a: GroupView, b: GroupView): boolean {
  return (
    isSameList(a.members, b.members) &&
    isSameList(a.sealers, b.sealers) &&
    isSameList(a.consensusNodes, b.consensusNodes) &&
    a.connected.size === b.connected.size &&
    [...a.connected].every((id) => b.connected.has(id))
  )
}

function isSameList(a: readonly NodeId[], b: readonly NodeId[]): boolean {
  return a.length === b.length && a.every((id, i) => id === b[i])
}
