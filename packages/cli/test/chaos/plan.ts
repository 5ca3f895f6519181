/** What befalls a network: decided by the seed alone, so that a run can be repeated. */
import { Draw } from './draw.ts'

/** What happens to bytes on their way. Of several at once the first of this list counts. */
export const LINK_FAULTS = ['cut', 'blackhole', 'stall', 'trickle', 'delay'] as const
const PROCESS_FAULTS = ['kill one', 'kill two', 'kill all', 'stop one', 'stop two'] as const
export const FAULT_KINDS: readonly FaultKind[] = [...PROCESS_FAULTS, ...LINK_FAULTS]

export type LinkFault = (typeof LINK_FAULTS)[number]
export type FaultKind = LinkFault | (typeof PROCESS_FAULTS)[number]
/** Bytes from one node to another. */
export type Flow = readonly [from: number, to: number]

export interface Fault {
  readonly kind: FaultKind
  /** Since the phase began. */
  readonly atMs: number
  readonly lastsMs: number
  /** Of processes: who is hit. */
  readonly nodes: readonly number[]
  /** Of links: what is hit. */
  readonly flows: readonly Flow[]
  /** `cut node1 | others` */
  readonly title: string
}

/** Faults that overlap; a quiet time follows. */
export interface Phase {
  readonly number: number
  readonly faults: readonly Fault[]
}

export interface PlanInit {
  readonly seed: number
  readonly nodeCount: number
  /** All times are multiplied by it: 1 for an hour, less for a test. */
  readonly pace: number
  /** Kinds that each phase takes from the list in turn, so that none is left out. */
  readonly kindsInTurn: number
}

const KILLED_MS = { min: 100, max: 20_000 }
const STOPPED_MS = { min: 500, max: 40_000 }
const LINK_MS = { min: 1000, max: 40_000 }
const BEGIN_MS_MAX = 10_000
const EXTRAS_MAX = 2

export function phaseOf(init: PlanInit, number: number): Phase {
  const draw = new Draw(init.seed, `phase ${number}`)
  const inTurn = Array.from({ length: init.kindsInTurn }, (_, index) => {
    return FAULT_KINDS[(number * init.kindsInTurn + index) % FAULT_KINDS.length]!
  })
  const extras = Array.from({ length: draw.below(EXTRAS_MAX + 1) }, () => draw.pick(FAULT_KINDS))
  return { number, faults: [...inTurn, ...extras].map((kind) => faultOf(kind, init, draw)) }
}

function faultOf(kind: FaultKind, { nodeCount, pace }: PlanInit, draw: Draw): Fault {
  const { min, max } = boundsOf(kind)
  // Short ones are more frequent: what happens at the edges matters, not how long it is quiet between.
  const lastsMs = (min + (max - min) * draw.fraction() ** 2) * pace
  const common = { kind, atMs: draw.below(BEGIN_MS_MAX) * pace, lastsMs: Math.round(lastsMs) }
  if (isLinkFault(kind)) return { ...common, nodes: [], ...placeOf(kind, nodeCount, draw) }
  const nodes = draw
    .some(indexes(nodeCount), victimsOf(kind, nodeCount))
    .toSorted((one, other) => one - other)
  return { ...common, nodes, flows: [], title: `${kind}: ${nodes.join(', ')}` }
}

function boundsOf(kind: FaultKind): { readonly min: number; readonly max: number } {
  if (isLinkFault(kind)) return LINK_MS
  return kind.startsWith('kill') ? KILLED_MS : STOPPED_MS
}

export function isLinkFault(kind: FaultKind): kind is LinkFault {
  return LINK_FAULTS.some((one) => one === kind)
}

function victimsOf(kind: FaultKind, nodeCount: number): number {
  if (kind === 'kill all') return nodeCount
  return kind.endsWith('two') ? 2 : 1
}

/** Between which nodes: a pair, one direction of a pair, one node and the others, halves. */
function placeOf(
  kind: LinkFault,
  nodeCount: number,
  draw: Draw,
): { readonly flows: readonly Flow[]; readonly title: string } {
  const order = draw.some(indexes(nodeCount), nodeCount)
  const [first = 0, second = 1] = order
  switch (draw.below(4)) {
    case 0:
      return { flows: between([first], [second]), title: `${kind}: ${first} | ${second}` }
    case 1:
      return { flows: [[first, second]], title: `${kind}: ${first} > ${second}` }
    case 2:
      return { flows: between([first], order.slice(1)), title: `${kind}: ${first} | others` }
    default: {
      const half = Math.floor(nodeCount / 2)
      const [one, other] = [order.slice(0, half), order.slice(half)]
      return { flows: between(one, other), title: `${kind}: ${one.join(' ')} | ${other.join(' ')}` }
    }
  }
}

function between(ones: readonly number[], others: readonly number[]): readonly Flow[] {
  return ones.flatMap((one) =>
    others.flatMap((other): readonly Flow[] => [
      [one, other],
      [other, one],
    ]),
  )
}

function indexes(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index)
}
