/**
 * Who passes what on to whom (spec 04 §3): what begins outside the tree of consensus nodes, and the trees in which
 * the status of blocks travels.
 * @module
 */
import {
  ancestorsOf,
  childrenOf,
  type ConsensusTree,
  type NodeId,
  placeInTree,
  type Tree,
  TREE_WIDTH,
  wholeTree,
} from '@bcos-ts/protocol'

/** To whom this node sends what begins with it: its own index, or any index for one outside the list. */
export function firstTargets(tree: ConsensusTree, startIndex: number): readonly NodeId[] {
  const { consensusNodes, self, reachable } = tree
  if (consensusNodes.includes(self)) return placeInTree(tree, startIndex).children
  const start = consensusNodes[startIndex]
  if (start !== undefined && reachable.has(start)) return [start]
  // The index counts twice here, as position and as offset: the reference does so, and its receivers too.
  return childrenOf(wholeTree(tree, startIndex), startIndex)
}

/** The trees in which the status of blocks travels: one below each consensus node (spec 04 §3.3). */
export interface StatusTree extends ConsensusTree {
  /** Sealers and observers, ascending. */
  readonly members: readonly NodeId[]
}

/** The part of the members that hangs below one consensus node. */
export interface StatusSlot {
  /** Index of its first member. */
  readonly start: number
  /** The last position; the owner is position 0, the members are 1 and up. */
  readonly last: number
}

export function statusSlot(tree: StatusTree): StatusSlot | undefined {
  const { members, consensusNodes, self } = tree
  const own = consensusNodes.indexOf(self)
  const index = members.indexOf(self)
  if (consensusNodes.length === 0 || (own < 0 && index < 0)) return undefined
  const size = Math.ceil(members.length / consensusNodes.length)
  const wanted = own >= 0 ? size * own : Math.trunc(index / size) * size
  const start = Math.min(wanted, members.length - 1)
  return { start, last: Math.min(start + size - 1, members.length - 1) - start + 1 }
}

/**
 * Whom this node tells the number of its latest block. The tree leaves a few members out; the random gossip
 * beside it reaches them.
 */
export function statusTargets(tree: StatusTree): readonly NodeId[] {
  const slot = statusSlot(tree)
  if (slot === undefined) return []
  const { members, consensusNodes, self, reachable, width = TREE_WIDTH } = tree
  // Position 0 belongs to the consensus node, which is told by its peers: nobody is looked up there.
  const nodeAt = (position: number): NodeId | undefined =>
    position === 0 ? undefined : members[(position + slot.start - 1) % members.length]
  const slotTree: Tree = { nodeAt, last: slot.last, width, reachable }
  const targets = new Set<NodeId>()
  if (consensusNodes.includes(self)) {
    for (const node of consensusNodes) if (reachable.has(node)) targets.add(node)
    for (const node of childrenOf(slotTree, 0)) targets.add(node)
  } else {
    const position = members.indexOf(self) + 1 - slot.start
    const [parent] = ancestorsOf(slotTree, position)
    if (parent !== undefined) targets.add(parent)
    for (const node of childrenOf(slotTree, position)) targets.add(node)
  }
  targets.delete(self)
  return [...targets]
}
