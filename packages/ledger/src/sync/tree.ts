/**
 * Who passes what on to whom (spec 04 §3). Both trees lie over a list of nodes that all compute alike; a node
 * that cannot be reached is replaced by its children or by its parents.
 * @module
 */
import type { NodeId } from '@bcos-ts/protocol'

export const TREE_WIDTH = 3

interface Tree {
  readonly nodeAt: (position: number) => NodeId | undefined
  /** The last position. */
  readonly last: number
  readonly width: number
  readonly reachable: ReadonlySet<NodeId>
}

/** The nearest reachable descendants of a position. */
function childrenOf(tree: Tree, position: number): readonly NodeId[] {
  const found: NodeId[] = []
  const first = position * tree.width + 1
  const last = Math.min(first + tree.width - 1, tree.last)
  for (let child = first; child <= last; child++) {
    const node = tree.nodeAt(child)
    if (node !== undefined && tree.reachable.has(node)) found.push(node)
    else found.push(...childrenOf(tree, child))
  }
  return found
}

/** All reachable ancestors of a position, the nearest first. */
function ancestorsOf(tree: Tree, position: number): readonly NodeId[] {
  const found: NodeId[] = []
  for (let at = position; at > 0;) {
    // Toward zero: the parent of the positions 1 to width is 0.
    at = Math.trunc((at - 1) / tree.width)
    const node = tree.nodeAt(at)
    if (node !== undefined && tree.reachable.has(node)) found.push(node)
  }
  return found
}

/** The tree over the consensus nodes, in which transactions travel (spec 04 §3.1). */
export interface ConsensusTree {
  readonly self: NodeId
  /** Ascending. */
  readonly consensusNodes: readonly NodeId[]
  readonly reachable: ReadonlySet<NodeId>
  readonly width?: number
}

export interface TreePlace {
  readonly children: readonly NodeId[]
  /** All of them, to the root. */
  readonly ancestors: readonly NodeId[]
}

const NOWHERE: TreePlace = { children: [], ancestors: [] }

/** Where this node stands in a distribution that began at `startIndex`. Outside the list it has no place. */
export function placeInTree(tree: ConsensusTree, startIndex: number): TreePlace {
  const { consensusNodes, self } = tree
  const count = consensusNodes.length
  const own = consensusNodes.indexOf(self)
  if (own < 0) return NOWHERE
  // The list may have grown shorter since the index was chosen.
  const position =
    own >= startIndex ? own - startIndex : (own + count - (startIndex % count)) % count
  const whole = wholeTree(tree, startIndex)
  return { children: childrenOf(whole, position), ancestors: ancestorsOf(whole, position) }
}

/** To whom this node sends what begins with it: its own index, or any index for one outside the list. */
export function firstTargets(tree: ConsensusTree, startIndex: number): readonly NodeId[] {
  const { consensusNodes, self, reachable } = tree
  if (consensusNodes.includes(self)) return placeInTree(tree, startIndex).children
  const start = consensusNodes[startIndex]
  if (start !== undefined && reachable.has(start)) return [start]
  // The index counts twice here, as position and as offset: the reference does so, and its receivers too.
  return childrenOf(wholeTree(tree, startIndex), startIndex)
}

function wholeTree(tree: ConsensusTree, startIndex: number): Tree {
  const { consensusNodes: nodes, reachable, width = TREE_WIDTH } = tree
  const nodeAt = (position: number): NodeId | undefined =>
    nodes[(position + startIndex) % nodes.length]
  return { nodeAt, last: nodes.length - 1, width, reachable }
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
