import { type Logger, silentLogger } from '@bcos-ts/common'
import { PbftDriver, type PbftHost, type PbftOptions, type step } from '@bcos-ts/consensus'
import type { Block, NodeId, Transaction } from '@bcos-ts/protocol'
import type { ConsensusEngine, CryptoSuite, KeyPair } from '@bcos-ts/protocol/ports'
import type { NodeEnvironment } from '@bcos-ts/testing/simulator'
import { type Membering, ModelChain, type ModelEpoch } from './chain.ts'
import type { Companion, CompanionInit, CompanionKind } from './companion.ts'
import type { ModelMessage } from './message.ts'
import { ModelNetwork } from './network.ts'
import { ShippingLedger } from './shipping-ledger.ts'
import { SimpleSync } from './simple-sync.ts'

export interface ModelIdentity {
  readonly nodeId: NodeId
  readonly keys: KeyPair
}

export interface ModelNodeInit {
  readonly environment: NodeEnvironment<ModelMessage>
  /** Of each machine, by its index in the simulated network. */
  readonly identities: readonly ModelIdentity[]
  readonly suite: CryptoSuite
  readonly membering: Membering
  readonly epoch?: ModelEpoch | undefined
  /** Default 1. */
  readonly groupId?: number
  /** Default `simple`. */
  readonly companion?: CompanionKind
  readonly options?: Partial<PbftOptions>
  readonly isLedgerHasty?: boolean
  readonly isSyncCredulous?: boolean
  readonly logger?: Logger
  readonly step?: typeof step
  /** Another engine in place of PBFT, which takes `options` and `step`. */
  readonly createEngine?: ((host: PbftHost) => ConsensusEngine) | undefined
  /** Changes the host, to plant mistakes in it. */
  readonly alterHost?: (host: PbftHost) => PbftHost
  readonly onCommitted: (block: Block, hash: Uint8Array) => void
  readonly onFailure: (error: Error) => void
}

/** The mistake of whoever reads on the wire of 2.x what is not there. */
function credulous(engine: ConsensusEngine): ReturnType<CompanionInit['engine']> {
  return {
    checkSyncedBlock: (block, hash, evidence) => {
      const verdict = engine.checkSyncedBlock(block, hash, evidence)
      return verdict.refusal === undefined ? { ...verdict, isDecided: true } : verdict
    },
    onBlockCommitted: () => engine.onBlockCommitted(),
  }
}

const VOTES = 'votes'

/** The shipping engine on a model chain, with a pool and a synchronisation beside it. */
export class ModelNode {
  readonly engine: ConsensusEngine
  readonly chain: ModelChain
  readonly companion: Companion
  readonly #init: ModelNodeInit
  readonly #network: ModelNetwork

  constructor(init: ModelNodeInit) {
    this.#init = init
    const { environment, suite, membering, identities, groupId = 1 } = init
    this.#network = new ModelNetwork(
      environment,
      identities.map(({ nodeId }) => nodeId),
    )
    this.chain = new ModelChain({
      disk: environment.disk,
      suite,
      membering,
      epoch: init.epoch,
      groupId,
      isHasty: init.isLedgerHasty ?? false,
      onCommitted: (block, hash) => {
        init.onCommitted(block, hash)
        this.companion.onCommitted(block, hash)
      },
    })
    const parts: CompanionInit = {
      environment,
      suite,
      chain: this.chain,
      network: this.#network,
      groupId,
      machines: identities.length,
      nodeIds: identities.map(({ nodeId }) => nodeId),
      logger: init.logger ?? silentLogger,
      engine: () => (init.isSyncCredulous === true ? credulous(this.engine) : this.engine),
      execute: (block) => this.chain.execute(block),
    }
    this.companion =
      init.companion === 'shipping' ? new ShippingLedger(parts) : new SimpleSync(parts)
    const own = this.#host(groupId)
    const host = init.alterHost?.(own) ?? own
    this.engine =
      init.createEngine?.(host) ??
      new PbftDriver({
        host,
        ...(init.options === undefined ? {} : { options: init.options }),
        ...(init.step === undefined ? {} : { step: init.step }),
      })
  }

  get index(): number {
    return this.#init.environment.index
  }

  async start(): Promise<void> {
    this.#init.environment.network.onMessage((message, from) => this.#receive(message, from))
    await this.companion.start()
    await this.engine.start()
  }

  submit(transaction: Transaction, onDropped?: () => void): boolean {
    return this.companion.submit(transaction, onDropped)
  }

  #receive(message: ModelMessage, from: number): void {
    if (message.kind === 'p2p') this.#network.deliver(message, from)
    else this.companion.receive(message, from)
  }

  #host(groupId: number): PbftHost {
    const { environment, suite, identities, logger = silentLogger, onFailure } = this.#init
    const self = identities[environment.index]
    if (self === undefined) throw new RangeError('a node without identity')
    const { clock, timers, disk } = environment
    const { chain, companion } = this
    return {
      groupId,
      self: self.nodeId,
      keys: self.keys,
      suite,
      clock,
      blockClock: clock,
      timers,
      logger,
      chain: {
        head: () => chain.head(),
        headHash: () => chain.headHash(),
        membership: () => chain.membership(),
        systemConfig: (key) => chain.systemConfig(key),
        block: (number) => chain.block(number),
        commitProof: () => chain.commitProof(),
        commit: companion.commit,
      },
      executor: chain,
      pool: companion.pool,
      network: this.#network,
      sync: companion.sync,
      votes: {
        persist: (record) => disk.write(VOTES, record),
        restore: () => disk.read(VOTES),
      },
      onFailure,
    }
  }
}
