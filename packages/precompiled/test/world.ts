/**
 * A chain of nothing but native contracts: tables in memory, and block after block on them.
 * @module
 */
import type { ByteText } from '@bcos-ts/common'
import { guomiSuite, keccak256, portableSm2, sm3, standardSuite } from '@bcos-ts/crypto'
import { type Address, ZERO_HASH } from '@bcos-ts/protocol'
import type {
  NativeContracts,
  NativeOutcome,
  NativeSession,
  StateTables,
  TableStorage,
} from '@bcos-ts/protocol/ports'
import { createBlockTables, createMemoryStorage } from '@bcos-ts/storage-crud'
import { builtInContracts, createNativeContracts, type NativeContract } from '../src/index.ts'
import type { NativeCrypto, VrfClaim } from '../src/native-crypto.ts'

export interface SeedRow {
  readonly table: string
  readonly key: ByteText
  readonly fields: Readonly<Record<string, ByteText>>
}

/** A claim that is good, with the random value it carries. */
export interface KnownVrf extends VrfClaim {
  readonly random: Uint8Array
}

export interface WorldInit {
  readonly suite?: 'standard' | 'guomi'
  readonly isFreeStorage?: boolean
  readonly extensions?: readonly NativeContract[]
  /** Claims that the VRF finds good. */
  readonly vrf?: readonly KnownVrf[]
}

export interface WorldCall {
  readonly to: Address
  readonly origin: Address
  /** The origin itself, unless a contract is between. */
  readonly sender?: Address
  readonly input: Uint8Array
}

/** A block being executed, or a read-only call. */
export class BlockWorld {
  readonly tables: StateTables
  readonly session: NativeSession

  constructor(tables: StateTables, session: NativeSession) {
    this.tables = tables
    this.session = session
  }

  /** A transaction: what it wrote is undone when it fails. */
  call({ to, origin, sender, input }: WorldCall): NativeOutcome {
    const savepoint = this.tables.savepoint()
    const call = { address: to, input, origin, sender: sender ?? origin }
    const outcome = this.session.call(call)
    if (outcome.type === 'failed') this.tables.rollback(savepoint)
    this.tables.endTransaction()
    return outcome
  }

  /** A row that something other than a native contract wrote. */
  seed({ table, key, fields }: SeedRow): void {
    const row = this.tables.newEntry()
    for (const [name, value] of Object.entries(fields)) row.set(name, value)
    this.tables.open(table)?.insert(key, row, undefined)
  }
}

/** Cryptography of the Crypto contract, with a VRF that knows some claims and refuses the rest. */
export function nativeCrypto(known: readonly KnownVrf[] = []): NativeCrypto {
  return {
    keccak256: (message) => keccak256(message),
    sm3: (message) => sm3(message),
    verifySm2: (...parts) => portableSm2.verify(...parts),
    verifyVrf: ({ publicKey, input, proof }) =>
      known.find((one) => one.publicKey === publicKey && one.input === input && one.proof === proof)
        ?.random,
  }
}

export class World {
  readonly suite: typeof standardSuite
  readonly #isFreeStorage: boolean
  readonly #storage: TableStorage = createMemoryStorage()
  readonly #contracts: NativeContracts
  /** Of the last block; -1 before genesis. */
  height = -1

  constructor(init: WorldInit = {}) {
    this.suite = init.suite === 'guomi' ? guomiSuite : standardSuite
    this.#isFreeStorage = init.isFreeStorage ?? false
    this.#contracts = createNativeContracts({
      builtIn: builtInContracts(nativeCrypto(init.vrf)),
      extensions: init.extensions ?? [],
    })
  }

  async start(genesis: readonly SeedRow[] = []): Promise<this> {
    await this.#storage.start()
    await this.block((block) => {
      for (const row of genesis) block.seed(row)
    })
    return this
  }

  /** Executes the next block and commits it. */
  async block<T>(run: (block: BlockWorld) => T, parentHash: Uint8Array = ZERO_HASH): Promise<T> {
    const block = this.open(parentHash)
    const result = run(block)
    this.height += 1
    await this.#storage.commit(block.tables.finish(this.height))
    return result
  }

  /** The latest state, for calls that leave no trace. */
  open(parentHash: Uint8Array = ZERO_HASH): BlockWorld {
    const tables = createBlockTables({
      storage: this.#storage,
      parentNumber: this.height,
      hash: (message) => this.suite.hash(message),
    })
    const session = this.#contracts.open({
      tables,
      suite: this.suite,
      parentHash,
      isFreeStorage: this.#isFreeStorage,
    })
    return new BlockWorld(tables, session)
  }
}
