import { type NodeId, placeInTree } from '@bcos-ts/protocol'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type DerivedVectors, factOf, readVectors } from '../../test/vectors.ts'
import { firstTargets, statusSlot, statusTargets, type StatusTree } from './tree.ts'

const derived = readVectors<DerivedVectors>('sync-derived.json')

/** Ids in ascending order. */
const node = (index: number): NodeId => `n${String(index).padStart(3, '0')}`
const nodes = (count: number): readonly NodeId[] => Array.from({ length: count }, (_, i) => node(i))
const indexOf = (id: NodeId): number => Number(id.slice(1))

interface TreeFact {
  readonly nodeIndex: number
  readonly startIndex: number
  readonly endIndex: number
  readonly children_by_node?: Readonly<Record<string, readonly number[]>>
  readonly parent_by_node?: Readonly<Record<string, readonly number[]>>
  readonly children_of_self?: readonly number[]
}

/** The setting of the reference's tests: 13 nodes, two children each, everybody connected. */
function setting(self: number, consensus: readonly number[]): StatusTree {
  return {
    self: node(self),
    members: nodes(13),
    consensusNodes: consensus.map(node),
    reachable: new Set(nodes(13).filter((id) => id !== node(self))),
    width: 2,
  }
}

describe('the tree of block status', () => {
  it.each([
    ['sync-tree-observer-first', 0, [11, 12]],
    ['sync-tree-observer-last', 12, [10, 11]],
  ] as const)('%s', (id, self, consensus) => {
    const fact = factOf<TreeFact>(derived, id)
    const slot = statusSlot(setting(self, consensus))
    expect(slot).toEqual({ start: fact.startIndex, last: fact.endIndex })
    const children = Object.entries(fact.children_by_node ?? {})
    expect(children.length).toBeGreaterThan(0)
    for (const [index, expected] of children) {
      const parents = fact.parent_by_node?.[index] ?? []
      const targets = statusTargets(setting(Number(index), consensus)).map(indexOf)
      // A node whose parents the fact does not name has none within the list of members.
      expect(targets).toEqual([...parents, ...expected])
    }
    for (const [index, [parent]] of Object.entries(fact.parent_by_node ?? {})) {
      if (consensus.some((one) => one === Number(index))) continue
      const targets = statusTargets(setting(Number(index), consensus)).map(indexOf)
      if (parent === undefined) expect(targets).toEqual(fact.children_by_node?.[index])
      else expect(targets[0]).toBe(parent)
    }
  })

  it('sync-tree-consensus', () => {
    const fact = factOf<TreeFact>(derived, 'sync-tree-consensus')
    const tree = setting(12, [11, 12])
    expect(statusSlot(tree)).toEqual({ start: fact.startIndex, last: fact.endIndex })
    const targets = statusTargets(tree).map(indexOf)
    expect(targets).toEqual([11, ...(fact.children_of_self ?? [])])
  })

  it('sync-tree-free-node', () => {
    const tree = { ...setting(0, [11, 12]), self: 'stranger' }
    expect(statusSlot(tree)).toBeUndefined()
    expect(statusTargets(tree)).toEqual([])
  })

  it('replaces a child that cannot be reached by its children, a parent by its parent', () => {
    const tree = setting(0, [11, 12])
    const without = (gone: number) => new Set([...tree.reachable].filter((id) => id !== node(gone)))
    expect(statusTargets({ ...tree, reachable: without(2) }).map(indexOf)).toEqual([6, 3])
    const leaf = setting(6, [11, 12])
    expect(statusTargets(leaf).map(indexOf)).toEqual([2])
    const reachable = new Set([...leaf.reachable].filter((id) => id !== node(2)))
    expect(statusTargets({ ...leaf, reachable }).map(indexOf)).toEqual([0])
  })

  it('leaves out who hangs below a consensus node of another slot, as in the reference', () => {
    // Node 6 is a child of position 2, where node 1 stands; but node 1 serves the second slot.
    const consensusNodes = [node(0), node(1)]
    const targets = nodes(13).flatMap((self) => {
      const reachable = new Set(nodes(13).filter((id) => id !== self))
      return statusTargets({ self, members: nodes(13), consensusNodes, reachable })
    })
    expect(targets).not.toContain(node(6))
    expect(new Set(targets).size).toBe(12)
  })
})

describe('the tree of transactions', () => {
  it('puts the first sender at the root', () => {
    const consensusNodes = nodes(7)
    const reachable = new Set(consensusNodes)
    const place = (self: number, startIndex: number) => {
      const { children, ancestors } = placeInTree(
        { self: node(self), consensusNodes, reachable },
        startIndex,
      )
      return [children.map(indexOf), ancestors.map(indexOf)]
    }
    expect(place(2, 2)).toEqual([[3, 4, 5], []])
    expect(place(3, 2)).toEqual([[6, 0, 1], [2]])
    expect(place(1, 2)).toEqual([[], [3, 2]])
    // An index from a longer list still gives everybody a place.
    expect(place(3, 9)).toEqual([[6, 0, 1], [2]])
  })

  it('goes around nodes that cannot be reached', () => {
    const consensusNodes = nodes(7)
    const tree = { self: node(0), consensusNodes, reachable: new Set(nodes(7)) }
    tree.reachable.delete(node(1))
    expect(firstTargets(tree, 0).map(indexOf)).toEqual([4, 5, 6, 2, 3])
    const leaf = placeInTree({ ...tree, self: node(5) }, 0)
    expect(leaf.ancestors.map(indexOf)).toEqual([0])
  })

  it('begins, for a node outside, at the node of its index or below it', () => {
    const consensusNodes = nodes(7)
    const tree = { self: 'observer', consensusNodes, reachable: new Set(nodes(7)) }
    expect(firstTargets(tree, 1).map(indexOf)).toEqual([1])
    tree.reachable.delete(node(1))
    // Children of position 1, counted from node 1.
    expect(firstTargets(tree, 1).map(indexOf)).toEqual([5, 6, 0])
    expect(placeInTree(tree, 1)).toEqual({ children: [], ancestors: [] })
    expect(firstTargets({ ...tree, consensusNodes: [] }, 0)).toEqual([])
  })

  it('reaches every consensus node exactly once, whoever begins', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.nat({ max: 59 }), (count, begin) => {
        const consensusNodes = nodes(count)
        const startIndex = begin % count
        const received: NodeId[] = []
        const pending = [node(startIndex)]
        for (let self = pending.pop(); self !== undefined; self = pending.pop()) {
          received.push(self)
          const reachable = new Set(consensusNodes.filter((id) => id !== self))
          pending.push(...placeInTree({ self, consensusNodes, reachable }, startIndex).children)
        }
        expect(received.toSorted()).toEqual(consensusNodes)
      }),
    )
  })
})
