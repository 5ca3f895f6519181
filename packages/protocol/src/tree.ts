/**
 * Who passes what on to whom (spec 04 §3). All compute alike over a list of nodes; a node that cannot be reached is
 * replaced by its children or by its parents.
 * @module
 */
import type { NodeId } from './primitives.ts'

export const TREE_WIDTH = 3

/** Positions, whatever nodes stand at them. */
export interface Tree {
  readonly nodeAt: (position: number) => NodeId | undefined
  /** The last position. */
  readonly last: number
  readonly width: number
  readonly reachable: ReadonlySet<NodeId>
}

/** The nearest reachable descendants of a position. */
export function childrenOf(tree: Tree, position: number): readonly NodeId[] {
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
export function ancestorsOf(tree: Tree, position: number): readonly NodeId[] {
  const found: NodeId[] = []
  for (let at = position; at > 0;) {
    // Toward zero: the parent of the positions 1 to width is 0.
    at = Math.trunc((at - 1) / tree.width)
    const node = tree.nodeAt(at)
    if (node !== undefined && tree.reachable.has(node)) found.push(node)
  }
  return found
}

/** The tree over the consensus nodes, in which transactions and, in rPBFT, proposals travel (spec 04 §3.1). */
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

/** The list as a tree whose root is the node at `startIndex`. */
export function wholeTree(tree: ConsensusTree, startIndex: number): Tree {
  const { consensusNodes: nodes, reachable, width = TREE_WIDTH } = tree
  const nodeAt = (position: number): NodeId | undefined =>
    nodes[(position + startIndex) % nodes.length]
  return { nodeAt, last: nodes.length - 1, width, reachable }
}
