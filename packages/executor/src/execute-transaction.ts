/**
 * One transaction from its checks to its receipt (spec 01 §11, 03 §14.4).
 * @module
 */
import { EMPTY_BYTES } from '@bcos-ts/common'
import {
  type Address,
  logBloom,
  type Receipt,
  TransactionStatus as Status,
  ZERO_ADDRESS,
  ZERO_HASH,
} from '@bcos-ts/protocol'
import { CallFrames, type Outcome } from './call-frame.ts'
import type { World } from './world.ts'

const CALL_GAS = 21_000
const CREATION_GAS = 53_000
const FREE_STORAGE_BASE_GAS = 20_000
const ZERO_BYTE_GAS = 4
const BYTE_GAS = 68
const DESTROY_REFUND = 24_000

/** The most gas a frame counts in a double; a limit above it only shows in how much is left. */
const FRAME_GAS_MAX = BigInt(Number.MAX_SAFE_INTEGER)

/** What of a transaction decides its outcome; a read-only call has the same form. */
export interface ExecutableTransaction {
  readonly origin: Address
  readonly to: Address | undefined
  readonly value: bigint
  readonly data: Uint8Array
  readonly gas: bigint
  readonly gasPrice: bigint
  /** Account gas is charged only to those who signed. */
  readonly isSigned: boolean
}

/** Gas of the transaction before it runs: standard Ethereum prices of before Istanbul (spec 01 §11.2). */
export function intrinsicGas(data: Uint8Array, isCreation: boolean): number {
  let gas = isCreation ? CREATION_GAS : CALL_GAS
  // By index: an iterator would cost more than all the rest of the checks.
  for (let i = 0; i < data.length; i++) gas += data[i] === 0 ? ZERO_BYTE_GAS : BYTE_GAS
  return gas
}

/** A receipt that still lacks the state root of its block. */
export type UnrootedReceipt = Omit<Receipt, 'stateRoot'> & { stateRoot: Uint8Array }

/** Executes and forgets how to undo. */
export function executeTransaction(
  transaction: ExecutableTransaction,
  world: World,
): UnrootedReceipt {
  const receipt = new TransactionRun(transaction, world).receipt()
  world.tables.endTransaction()
  return receipt
}

class TransactionRun {
  readonly #transaction: ExecutableTransaction
  readonly #world: World
  readonly #frames: CallFrames
  readonly #standardBaseGas: number
  /** Charged whatever happens inside. */
  readonly #baseGas: number

  constructor(transaction: ExecutableTransaction, world: World) {
    this.#transaction = transaction
    this.#world = world
    const { header } = world
    this.#frames = new CallFrames(world, {
      origin: transaction.origin,
      gasPrice: transaction.gasPrice,
      blockNumber: header.number,
      timestamp: header.timestamp,
      gasLimit: header.gasLimit,
    })
    this.#standardBaseGas = intrinsicGas(transaction.data, transaction.to === undefined)
    this.#baseGas = world.isFreeStorage ? FREE_STORAGE_BASE_GAS : this.#standardBaseGas
  }

  receipt(): UnrootedReceipt {
    const { txGasLimit } = this.#world
    const required = BigInt(this.#standardBaseGas)
    if (required > txGasLimit) return this.#refused(Status.outOfGasIntrinsic, txGasLimit)
    if (this.#isCharged() && (this.#remainGas() ?? 0n) < required) {
      return this.#refused(Status.notEnoughRemainGas, 0n)
    }
    return this.#finish(this.#run())
  }

  #run(): Outcome {
    const { origin, to, value, data } = this.#transaction
    const available = this.#world.txGasLimit - BigInt(this.#baseGas)
    return this.#frames.execute({
      kind: to === undefined ? 'create' : 'call',
      isStatic: false,
      depth: 0,
      gas: Number(available > FRAME_GAS_MAX ? FRAME_GAS_MAX : available),
      sender: origin,
      recipient: to ?? ZERO_ADDRESS,
      codeAddress: to ?? ZERO_ADDRESS,
      value,
      data,
    })
  }

  #finish(outcome: Outcome): UnrootedReceipt {
    const { accounts, suite } = this.#world
    const { substate } = this.#frames
    const left = this.#gasLeft(outcome.gasLeft)
    const destroyed = substate.destroyed
    const refund = this.#refund(left, BigInt(substate.refund + DESTROY_REFUND * destroyed.size))
    const gasUsed = this.#settle(left, refund)
    for (const address of destroyed) accounts.kill(address)
    return {
      stateRoot: ZERO_HASH,
      gasUsed: BigInt.asUintN(256, gasUsed),
      contractAddress: outcome.createdAddress ?? ZERO_ADDRESS,
      logBloom: logBloom(substate.logs, suite),
      status: outcome.status,
      output: outcome.output,
      remainGas: this.#remainGas() ?? 0n,
      logs: substate.logs,
    }
  }

  /** Of the whole limit; 0 when everything was burnt. */
  #gasLeft(ofFrame: number): bigint {
    if (ofFrame === 0) return 0n
    const available = this.#world.txGasLimit - BigInt(this.#baseGas)
    const beyond = available > FRAME_GAS_MAX ? available - FRAME_GAS_MAX : 0n
    return BigInt(ofFrame) + beyond
  }

  /** The cap wraps when the gas field is below what is left, and is void then (spec 01 §11.4). */
  #refund(left: bigint, refunds: bigint): bigint {
    if (refunds === 0n) return 0n
    const cap = BigInt.asUintN(256, this.#transaction.gas - left) / 2n
    return refunds < cap ? refunds : cap
  }

  /** Gas used, after refund and, when charging is on, after the sender's account has paid (spec 03 §14.7). */
  #settle(left: bigint, refund: bigint): bigint {
    const { txGasLimit, charging, accounts } = this.#world
    if (!charging.isOn) return txGasLimit - left - refund
    if (!this.#isCharged()) return this.#isAdministrative() ? 0n : txGasLimit - left
    const balance = this.#remainGas() ?? 0n
    if (balance === 0n) return txGasLimit - left
    const kept = left === 0n ? txGasLimit - BigInt(this.#baseGas) : left + refund
    const used = kept > txGasLimit ? 0n : txGasLimit - kept
    const paid = balance < used ? balance : used
    accounts.setRemainGas(this.#transaction.origin, balance - paid)
    return paid
  }

  #isCharged(): boolean {
    return this.#world.charging.isOn && this.#transaction.isSigned && !this.#isAdministrative()
  }

  /** Governance stays possible without gas: transactions to it, and of those who give gas. */
  #isAdministrative(): boolean {
    const { to, origin } = this.#transaction
    return to === GOVERNANCE || this.#world.charging.isExempt(origin)
  }

  #remainGas(): bigint | undefined {
    return this.#world.accounts.remainGas(this.#transaction.origin)
  }

  #refused(status: number, gasUsed: bigint): UnrootedReceipt {
    return {
      stateRoot: ZERO_HASH,
      gasUsed,
      contractAddress: ZERO_ADDRESS,
      logBloom: logBloom([], this.#world.suite),
      status,
      output: EMPTY_BYTES,
      remainGas: this.#remainGas() ?? 0n,
      logs: [],
    }
  }
}

const GOVERNANCE: Address = '1008'.padStart(40, '0')
