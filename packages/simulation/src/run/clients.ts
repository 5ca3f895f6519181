import type { HashText, Transaction } from '@bcos-ts/protocol'
import type { CryptoSuite } from '@bcos-ts/protocol/ports'
import type { Prng, SimulatedCluster } from '@bcos-ts/testing/simulator'
import type { Checker } from '../checker.ts'
import type { CompanionKind } from '../model/companion.ts'
import type { ModelNode } from '../model/node.ts'
import { modelTransaction } from '../model/transaction.ts'
import type { GroupMessage, Machine } from './machine.ts'

/** What the checker of a group need not look at again once it is mined everywhere. */
interface Accepted {
  readonly transaction: Transaction
  /** The node, in the life in which it took the transaction. */
  readonly node: ModelNode
}

export interface ClientsInit {
  readonly cluster: SimulatedCluster<GroupMessage, Machine>
  readonly suite: CryptoSuite
  readonly prng: Prng
  readonly checkers: readonly Checker[]
  readonly companion: CompanionKind
  readonly perSecond: number
  readonly isHonest: (machine: number) => boolean
}

const MS = 1000

/** Clients of all groups: they send to a node that is up, and remember what honest ones have taken. */
export class Clients {
  readonly #init: ClientsInit
  readonly #accepted: Accepted[][]
  readonly #dropped = new Set<HashText>()
  #nonce = 0

  constructor(init: ClientsInit) {
    this.#init = init
    this.#accepted = init.checkers.map(() => [])
  }

  start(): void {
    for (const group of this.#init.checkers.keys()) this.#sendLater(group)
  }

  #sendLater(group: number): void {
    const { cluster, prng, perSecond } = this.#init
    cluster.world.after(prng.between(0, (2 * MS) / perSecond), () => {
      this.#send(group)
      this.#sendLater(group)
    })
  }

  #send(group: number): void {
    const { cluster, checkers, suite, prng, companion } = this.#init
    const checker = checkers[group]
    const up = prng.shuffled(cluster.up())
    if (checker === undefined || up.length === 0) return
    this.#nonce++
    const place = { height: checker.height(), groupId: group + 1 }
    const transaction = modelTransaction(this.#nonce, suite, place)
    checker.onSubmitted(transaction.hashText)
    // The simple pools tell nobody: then clients do.
    const targets = companion === 'shipping' ? up.slice(0, 1) : up
    for (const machine of targets) this.#submit(group, machine, transaction)
  }

  #submit(group: number, machine: number, transaction: Transaction): void {
    const { cluster, isHonest } = this.#init
    const node = cluster.node(machine)?.groups[group]
    // A clock that is set ahead makes what waits expire; then the client is told.
    const isTaken = node?.submit(transaction, () => void this.#dropped.add(transaction.hashText))
    if (node === undefined || isTaken !== true || !isHonest(machine)) return
    this.#accepted[group]?.push({ transaction, node })
  }

  /** Whether its client has been told that it will not be mined. */
  isDropped(transaction: HashText): boolean {
    return this.#dropped.has(transaction)
  }

  /**
   * Transactions that an honest node has taken and still ought to have, in its pool or in a chain. One that went down
   * since has lost its pool, as it may.
   */
  owed(group: number): readonly Transaction[] {
    const { cluster, checkers } = this.#init
    const checker = checkers[group]
    const open = (this.#accepted[group] ?? []).filter(({ transaction, node }) => {
      const isInThisLife = cluster.node(node.index)?.groups[group] === node
      if (this.#dropped.has(transaction.hashText)) return false
      return isInThisLife && checker?.isMined(transaction.hashText, Infinity) !== true
    })
    this.#accepted[group] = open
    return open.map(({ transaction }) => transaction)
  }
}
