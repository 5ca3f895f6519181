import { fromHex, toHex } from '@bcos-ts/common'
import {
  type Address,
  type Block,
  type NodeId,
  type Transaction,
  TransactionStatus,
} from '@bcos-ts/protocol'
import { rotationDue } from './due.ts'
import type { RpbftHost } from './host.ts'
import { isRotation, rotationTransaction } from './rotation-transaction.ts'

type RotationHost = Pick<
  RpbftHost,
  'chain' | 'suite' | 'keys' | 'random' | 'lottery' | 'chainId' | 'groupId'
>

/** The changing committee of one group: what a leader adds to its block, and what the others demand of it. */
export class Rotation {
  readonly #host: RotationHost

  constructor(host: RotationHost) {
    this.#host = host
  }

  /** Whether the next block is to begin with a rotation. */
  isDue(): boolean {
    return rotationDue(this.#host.chain).isDue
  }

  /**
   * Whether the last block has changed the committee. Its members learn of it with that block, some later than
   * others: a proposal that came sooner would find them deaf.
   */
  isCommitteeNew(): boolean {
    const { chain } = this.#host
    const before = chain.head().sealerList
    const { workingSealers } = chain.membership()
    return before.length > 0 && before.join() !== workingSealers.join()
  }

  /** What this node, when it leads, puts in front of a block that is to rotate. */
  transaction(): Transaction {
    const { chain } = this.#host
    return rotationTransaction({
      ...this.#host,
      height: chain.head().number,
      parentHash: toHex(chain.headHash()),
    })
  }

  /**
   * Why a block, executed on the last committed one, may not be voted for, or `undefined`: it has to rotate when that
   * is due, in the name of who proposed or sealed it. A false proof would let a leader skip it (spec 04 §6.14, W17);
   * failures that it cannot help, such as an account without gas, are the chain's affair.
   */
  refuses(block: Block, proposer: NodeId): string | undefined {
    const { chain } = this.#host
    if (!rotationDue(chain).isRequired) return undefined
    const [first] = block.transactions
    if (first === undefined || !isRotation(first))
      return 'the rotation that is due does not come first'
    const { sealers } = chain.membership()
    const sealer = sealers[Number(block.header.sealer)]
    const allowed = [proposer, ...(sealer === undefined ? [] : [sealer])].map((id) =>
      this.#accountOf(id),
    )
    const sender = first.sender(this.#host.suite)
    if (sender === undefined || !allowed.includes(sender)) return 'another node rotates than leads'
    const isRefused = block.receipts[0]?.status === TransactionStatus.precompiledError
    return isRefused ? 'the contract refuses the rotation' : undefined
  }

  #accountOf(id: NodeId): Address {
    return toHex(this.#host.suite.address(fromHex(id)))
  }
}
