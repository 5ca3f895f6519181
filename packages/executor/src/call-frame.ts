/**
 * Message calls and creations at every depth: who is called, what a failure costs, what is undone
 * (spec 01 §10.2, §11.3, §11.7; 03 §2.4, §15.5).
 * @module
 */
import { assert, concatBytes, EMPTY_BYTES, fromHex, bigIntToBytes, toHex } from '@bcos-ts/common'
import {
  type Address,
  CODE_BYTES_MAX,
  encodeBytes,
  encodeInteger,
  encodeList,
  type LogEntry,
  SystemTableName,
  TransactionStatus as Status,
} from '@bcos-ts/protocol'
import type {
  NestedResult,
  VmCode,
  VmFrame,
  VmHost,
  VmMessage,
  VmResult,
  VmStatus,
  VmTransactionContext,
} from '@bcos-ts/protocol/ports'
import { Substate } from './substate.ts'
import { errorOutput, type World } from './world.ts'

/** Gas of a byte of deployed code. */
const CODE_BYTE = 200

/** How a frame ended, in the terms of a receipt. */
export interface Outcome {
  readonly status: number
  readonly gasLeft: number
  readonly output: Uint8Array
  readonly createdAddress?: Address
}

const VM_STATUS: Readonly<Record<VmStatus, number>> = {
  success: Status.none,
  revert: Status.revertInstruction,
  outOfGas: Status.outOfGas,
  badInstruction: Status.badInstruction,
  badJump: Status.badJumpDestination,
  stackOverflow: Status.outOfStack,
  stackUnderflow: Status.stackUnderflow,
  invalidMemoryAccess: Status.unknown,
  staticViolation: Status.unknown,
  permissionDenied: Status.permissionDenied,
}

/** A frame that failed like this has used nothing (spec 03 §15.5). */
const KEEPS_ALL_GAS: ReadonlySet<VmStatus> = new Set(['outOfGas', 'permissionDenied'])

/** Code that runs, and what is done when it has ended. */
interface Activation {
  readonly frame: VmFrame
  readonly finish: (result: VmResult) => Outcome
}

/** The frames of one transaction. They lie in a list, not on the stack of the process. */
export class CallFrames implements VmHost {
  readonly context: VmTransactionContext
  readonly substate: Substate = new Substate()
  readonly #world: World

  constructor(world: World, context: VmTransactionContext) {
    this.#world = world
    this.context = context
  }

  /** Runs a message and everything that it calls. */
  execute(message: VmMessage): Outcome {
    const open: Activation[] = []
    let entered = this.#enter(message)
    for (;;) {
      if ('frame' in entered) {
        open.push(entered)
      } else {
        const caller = open.at(-1)
        if (caller === undefined) return entered
        caller.frame.resume(nestedResult(entered))
      }
      entered = this.#turn(open)
    }
  }

  /** Runs the innermost frame: it ends, or enters another one. */
  #turn(open: Activation[]): Activation | Outcome {
    const innermost = open.at(-1)
    assert(innermost !== undefined, 'some frame is running')
    const turn = innermost.frame.run()
    if (turn.type === 'call') return this.#enter(turn.message)
    open.pop()
    return innermost.finish(turn.result)
  }

  #enter(message: VmMessage): Activation | Outcome {
    const isCreation = message.kind === 'create' || message.kind === 'create2'
    return isCreation ? this.#create(message) : this.#call(message)
  }

  #call(message: VmMessage): Activation | Outcome {
    const { accounts, ethereum, native, suite } = this.#world
    const { codeAddress } = message
    if (message.depth === 0 && accounts.isFrozen(this.context.origin)) {
      return this.#frozenOrigin(message.gas)
    }
    if (ethereum.has(codeAddress)) return this.#callEthereum(message)
    if (native.isNative(codeAddress)) return this.#callNative(message)
    if (accounts.isFrozen(codeAddress)) {
      const output = errorOutput(`Frozen contract:${codeAddress}`, suite)
      return { status: Status.contractFrozen, gasLeft: message.gas, output }
    }
    if (!accounts.hasCode(codeAddress)) {
      const output = errorOutput(`Error address:${codeAddress}`, suite)
      return { status: Status.callAddressError, gasLeft: message.gas, output }
    }
    return this.#activate(message, accounts.code(codeAddress))
  }

  /** The frozen check of the transaction itself and of every creation. */
  #frozenOrigin(gasLeft: number): Outcome {
    const output = errorOutput(`Frozen account:0x${this.context.origin}`, this.#world.suite)
    return { status: Status.accountFrozen, gasLeft, output }
  }

  #callEthereum({ codeAddress, data, gas }: VmMessage): Outcome {
    const { ethereum } = this.#world
    const cost = ethereum.gas(codeAddress, data)
    if (BigInt(gas) < cost) {
      return { status: Status.outOfGasBase, gasLeft: gas, output: EMPTY_BYTES }
    }
    const output = ethereum.run(codeAddress, data)
    return output === undefined
      ? { status: Status.revertInstruction, gasLeft: 0, output: EMPTY_BYTES }
      : { status: Status.none, gasLeft: gas - Number(cost), output }
  }

  /** Native contracts are charged after they ran; what they wrote is undone when the gas does not suffice. */
  #callNative(message: VmMessage): Outcome {
    const { native, tables, suite } = this.#world
    const savepoint = tables.savepoint()
    const outcome = native.call({
      address: message.codeAddress,
      input: message.data,
      origin: this.context.origin,
      sender: message.sender,
    })
    if (outcome.type === 'done' && outcome.gas <= message.gas) {
      return { status: Status.none, gasLeft: message.gas - outcome.gas, output: outcome.output }
    }
    tables.rollback(savepoint)
    const text =
      outcome.type === 'failed'
        ? outcome.text
        : `OutOfGas when executing precompiled Contract, gasUsed: ${outcome.gas}, leftGas:${message.gas}`
    const output = errorOutput(text, suite)
    return { status: Status.precompiledError, gasLeft: message.gas, output }
  }

  #activate(message: VmMessage, code: VmCode): Activation {
    const undo = this.#undoPoint()
    return {
      frame: this.#world.vm.start(code, message, this),
      finish: (result) => {
        if (result.status !== 'success') undo()
        return outcomeOf(result, message)
      },
    }
  }

  /** How to undo rows, logs and refunds of what happens from here on. */
  #undoPoint(): () => void {
    const savepoint = this.#world.tables.savepoint()
    const mark = this.substate.mark()
    return () => {
      this.#world.tables.rollback(savepoint)
      this.substate.undoTo(mark)
    }
  }

  #create(message: VmMessage): Activation | Outcome {
    const { accounts, tables } = this.#world
    const refused = this.#refusedCreation(message)
    if (refused !== undefined) {
      // The reference goes back to the beginning of the transaction here, not of this frame (spec 01 §10.2).
      tables.rollback(0)
      return refused
    }
    const address = this.#newAddress(message)
    accounts.incrementNonce(message.sender)
    const undo = this.#undoPoint()
    if (accounts.hasCode(address) || accounts.nonce(address) > 0n) {
      return { status: Status.addressAlreadyUsed, gasLeft: 0, output: EMPTY_BYTES }
    }
    if (message.value > accounts.balance(message.sender)) {
      // Reported as a success that created nothing (spec 01 §10.3).
      return {
        status: Status.none,
        gasLeft: message.gas,
        output: EMPTY_BYTES,
        createdAddress: address,
      }
    }
    accounts.touchBalance(message.sender)
    accounts.createContract(address, this.#managers(message.sender))
    if (message.data.length === 0) {
      return {
        status: Status.none,
        gasLeft: message.gas,
        output: EMPTY_BYTES,
        createdAddress: address,
      }
    }
    return this.#initialize({ ...message, recipient: address, codeAddress: address }, undo)
  }

  #refusedCreation(message: VmMessage): Outcome | undefined {
    const { accounts, tables } = this.#world
    const { origin } = this.context
    if (tables.open(SystemTableName.tables)?.isAuthorized(origin) === false) {
      return { status: Status.permissionDenied, gasLeft: 0, output: EMPTY_BYTES }
    }
    return accounts.isFrozen(origin)
      ? { ...this.#frozenOrigin(message.gas), gasLeft: 0 }
      : undefined
  }

  /** Spec 01 §10.1. */
  #newAddress(message: VmMessage): Address {
    const { suite, accounts } = this.#world
    const sender = fromHex(message.sender)
    const preimage =
      message.salt === undefined
        ? encodeList([encodeBytes(sender), encodeInteger(accounts.nonce(message.sender))])
        : concatBytes(
            Uint8Array.of(0xff),
            sender,
            bigIntToBytes(message.salt, 32),
            suite.hash(message.data),
          )
    return toHex(suite.hash(preimage).subarray(12))
  }

  /** The origin, and when a contract creates, its own managers too. */
  #managers(sender: Address): Address[] {
    const { origin } = this.context
    if (sender === origin) return [origin]
    const others = this.#world.accounts.managers(sender).filter((manager) => manager !== origin)
    return [origin, ...others]
  }

  #initialize(message: VmMessage, undo: () => void): Activation {
    return {
      frame: this.#world.vm.start({ bytes: message.data }, message, this),
      finish: (result) => this.#finishCreation(message, result, undo),
    }
  }

  #finishCreation(message: VmMessage, result: VmResult, undo: () => void): Outcome {
    const isSuccess = result.status === 'success'
    if (!isSuccess) undo()
    if (!isSuccess && result.status !== 'revert') return outcomeOf(result, message)
    const deposit = this.#deposit(message.recipient, result)
    // The reference deposits revert data as if it were code, and charges for it (spec 01 §10.2).
    const output = isSuccess ? EMPTY_BYTES : result.output
    if (deposit === undefined) {
      undo()
      return { status: Status.outOfGas, gasLeft: result.gasLeft, output }
    }
    const gasLeft = result.gasLeft - deposit
    return isSuccess
      ? { status: Status.none, gasLeft, output, createdAddress: message.recipient }
      : { status: Status.revertInstruction, gasLeft, output }
  }

  /** Stores the code and gives its price, `undefined` when it is too long or cannot be paid. */
  #deposit(address: Address, { output, gasLeft }: VmResult): number | undefined {
    const price = CODE_BYTE * output.length
    if (output.length > CODE_BYTES_MAX || price > gasLeft) return undefined
    this.#world.accounts.setCode(address, output)
    return this.#world.isFreeStorage ? 0 : price
  }

  getStorage(address: Address, slot: bigint): bigint {
    return this.#world.accounts.storage(address, slot)
  }

  mayWriteStorage(address: Address): boolean {
    return this.#world.accounts.mayWriteStorage(address, this.context.origin)
  }

  setStorage(address: Address, slot: bigint, value: bigint): void {
    this.#world.accounts.setStorage(address, slot, value)
  }

  getBalance(address: Address): bigint {
    return this.#world.accounts.balance(address)
  }

  /** 1 for native contracts, so that the compiler's check for a contract passes (spec 01 §11.6). */
  getCodeSize(address: Address): number {
    return this.#world.native.isNative(address) ? 1 : this.getCode(address).length
  }

  getCode(address: Address): Uint8Array {
    return this.#world.accounts.code(address).bytes
  }

  getCodeHash(address: Address): Uint8Array | undefined {
    const { accounts } = this.#world
    if (!accounts.exists(address) || accounts.isEmpty(address)) return undefined
    return accounts.codeHash(address)
  }

  getBlockHash(number: number): Uint8Array | undefined {
    return this.#world.blockHash(number)
  }

  emitLog(entry: LogEntry): void {
    this.substate.logs.push(entry)
  }

  addRefund(gas: number): void {
    this.substate.addRefund(gas)
  }

  /** Nothing moves: no account owns anything. */
  selfDestruct(address: Address): void {
    this.substate.destroy(address)
  }
}

/** What the caller's code sees of an outcome. */
function nestedResult(outcome: Outcome): NestedResult {
  return {
    isSuccess: outcome.status === Status.none,
    gasLeft: outcome.gasLeft,
    returnData: outcome.output,
    ...(outcome.createdAddress !== undefined && { createdAddress: outcome.createdAddress }),
  }
}

function outcomeOf(result: VmResult, message: VmMessage): Outcome {
  const { status } = result
  const isKept = status === 'success' || status === 'revert'
  return {
    status: VM_STATUS[status],
    gasLeft: KEEPS_ALL_GAS.has(status) ? message.gas : result.gasLeft,
    output: isKept ? result.output : EMPTY_BYTES,
  }
}
