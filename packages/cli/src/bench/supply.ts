import { bytesToBigInt, to0x } from '@bcos-ts/common'
import type { Account } from '@bcos-ts/sdk'
import type { BenchCall } from './workload.ts'

/** A signed transaction on its way. */
export interface SignedCall {
  /** `0x` and the encoding, as JSON-RPC takes it. */
  readonly text: string
  /** `0x` and the hash. */
  readonly hash: string
}

export interface SupplyInit {
  readonly accounts: readonly Account[]
  readonly chainId: bigint
  readonly groupId: number
  /** 16 bytes that tell nonces of one bench from those of another. */
  readonly nonceSeed: Uint8Array
  readonly height: () => number
}

const BLOCK_LIMIT_AHEAD = 500
const GAS = 300_000_000n
const NOTHING = new Uint8Array(0)
const COUNTER_BITS = 64n

/** Signs calls, each once, with nonces that no other has. */
export class Supply {
  readonly #init: SupplyInit
  readonly #nonceBase: bigint
  #signed = 0

  constructor(init: SupplyInit) {
    this.#init = init
    this.#nonceBase = bytesToBigInt(init.nonceSeed) << COUNTER_BITS
  }

  sign({ to, data }: BenchCall): SignedCall {
    const { accounts, chainId, groupId, height } = this.#init
    const account = accounts[this.#signed % accounts.length]
    if (account === undefined) throw new RangeError('a bench has an account')
    const nonce = this.#nonceBase + BigInt(this.#signed)
    this.#signed += 1
    const { raw, hash } = account.sign({
      nonce,
      gasPrice: GAS,
      gas: GAS,
      blockLimit: BigInt(height() + BLOCK_LIMIT_AHEAD),
      to,
      value: 0n,
      data,
      chainId,
      groupId: BigInt(groupId),
      extraData: NOTHING,
    })
    return { text: to0x(raw), hash: to0x(hash) }
  }
}
