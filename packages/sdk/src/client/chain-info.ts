import { type CryptoSuite, guomiSuite, standardSuite } from '@bcos-ts/crypto'
import { type ClientVersion, readClientVersion } from '../json/status.ts'
import type { Transport } from '../transport.ts'

export interface ChainInfoInit {
  readonly chainId?: number | bigint | undefined
  readonly suite?: CryptoSuite | undefined
}

/** What holds for all groups of a chain: given by the caller, else asked once. */
export class ChainInfo {
  readonly #transport: Transport
  readonly #init: ChainInfoInit
  #version: Promise<ClientVersion> | undefined

  constructor(transport: Transport, init: ChainInfoInit) {
    this.#transport = transport
    this.#init = init
  }

  async chainId(): Promise<bigint> {
    const { chainId } = this.#init
    return chainId === undefined ? (await this.version()).chainId : BigInt(chainId)
  }

  async suite(): Promise<CryptoSuite> {
    const { suite } = this.#init
    if (suite !== undefined) return suite
    return (await this.version()).isGuomi ? guomiSuite : standardSuite
  }

  /** A failure is not kept: the next question asks again. */
  version(): Promise<ClientVersion> {
    this.#version ??= this.#ask().catch((error: unknown) => {
      this.#version = undefined
      throw error
    })
    return this.#version
  }

  async #ask(): Promise<ClientVersion> {
    const method = 'getClientVersion'
    return readClientVersion(method, await this.#transport.request(method, []))
  }
}
