import { ResultCode, resultCodeMessage } from '@bcos-ts/protocol'
import type { TransactionReceipt } from '../receipt.ts'
import { NativeAddress, NativeContract, type NativeUser } from './native-contract.ts'

/** Outcome of a change of the members; there is no receipt when the client's own check refused it. */
export interface ConsensusResult {
  readonly receipt: TransactionReceipt | undefined
  readonly code: number
  readonly message: string
}

/**
 * Who takes part in consensus: `Consensus` (spec 03 §3.4). Before a transaction is sent it is looked up whether it
 * makes sense; the node would accept a node that nobody knows, and the group might then wait for it for ever.
 */
export class Consensus {
  readonly #contract: NativeContract

  constructor(user: NativeUser) {
    this.#contract = new NativeContract(user, NativeAddress.consensus)
  }

  /** Codes: -50000, -51100, -51102 not in reach of the node that was asked, -51104 a sealer already. */
  async addSealer(nodeId: string): Promise<ConsensusResult> {
    const { client } = this.#contract
    const id = nodeId.toLowerCase()
    if (!isNodeId(id)) return refused(ResultCode.invalidNodeId)
    if ((await client.getSealerList()).includes(id)) return refused(ResultCode.alreadySealer)
    if (!(await this.#isInReach(id))) return refused(ResultCode.nodeUnreachable)
    return this.#contract.write({ signature: 'addSealer(string)', values: [id] })
  }

  /** Codes: -50000, -51100, -51101 the last sealer, -51102, -51105 an observer already. */
  async addObserver(nodeId: string): Promise<ConsensusResult> {
    const { client } = this.#contract
    const id = nodeId.toLowerCase()
    if (!isNodeId(id)) return refused(ResultCode.invalidNodeId)
    if ((await client.getObserverList()).includes(id)) return refused(ResultCode.alreadyObserver)
    if (!(await this.#isInReach(id))) return refused(ResultCode.nodeUnreachable)
    return this.#contract.write({ signature: 'addObserver(string)', values: [id] })
  }

  /** Codes: -50000, -51100, -51101 the last sealer, -51103 no member of the group. */
  async removeNode(nodeId: string): Promise<ConsensusResult> {
    const { client } = this.#contract
    const id = nodeId.toLowerCase()
    if (!isNodeId(id)) return refused(ResultCode.invalidNodeId)
    if (!(await client.getGroupPeers()).includes(id)) return refused(ResultCode.notGroupPeer)
    return this.#contract.write({ signature: 'remove(string)', values: [id] })
  }

  async #isInReach(nodeId: string): Promise<boolean> {
    return (await this.#contract.client.node.getNodeIDList()).includes(nodeId)
  }
}

function isNodeId(text: string): boolean {
  return /^[0-9a-f]{128}$/.test(text)
}

function refused(code: number): ConsensusResult {
  return { receipt: undefined, code, message: resultCodeMessage(code) }
}
