import type { Address } from '../primitives.ts'
import type { LogEntry } from '../receipt.ts'

export type CallKind = 'call' | 'callcode' | 'delegatecall' | 'staticcall' | 'create' | 'create2'

/** One frame to run. Gas is a number: at most 2^53. */
export interface VmMessage {
  readonly kind: CallKind
  readonly isStatic: boolean
  /** 0 for the frame of the transaction itself. */
  readonly depth: number
  readonly gas: number
  readonly sender: Address
  /** Whose storage is used; ADDRESS. */
  readonly recipient: Address
  /** Whose code is run; differs from the recipient in CALLCODE and DELEGATECALL. */
  readonly codeAddress: Address
  readonly value: bigint
  /** Call data, or init code of a creation. */
  readonly data: Uint8Array
  readonly salt?: bigint
}

/**
 * How a frame ended (spec 03 §15.5). What each means for the gas of the caller is the executor's business;
 * `gasLeft` is what the frame itself would give back.
 */
export type VmStatus =
  | 'success'
  | 'revert'
  | 'outOfGas'
  | 'badInstruction'
  | 'badJump'
  | 'stackOverflow'
  | 'stackUnderflow'
  | 'invalidMemoryAccess'
  | 'staticViolation'
  | 'permissionDenied'

export interface VmResult {
  readonly status: VmStatus
  readonly gasLeft: number
  /** Return data, revert data, or the code of a creation. */
  readonly output: Uint8Array
}

/** What a nested call or creation gave back to the frame that made it. */
export interface NestedResult {
  readonly isSuccess: boolean
  readonly gasLeft: number
  readonly returnData: Uint8Array
  readonly createdAddress?: Address
}

/** The same in every frame of a transaction. */
export interface VmTransactionContext {
  readonly origin: Address
  readonly gasPrice: bigint
  readonly blockNumber: number
  /** Milliseconds. */
  readonly timestamp: bigint
  readonly gasLimit: bigint
}

/** The world around a frame. Every method is synchronous. Storage keys and values are 256-bit numbers. */
export interface VmHost {
  readonly context: VmTransactionContext
  getStorage(address: Address, slot: bigint): bigint
  /** `false` when the origin may not write this contract's storage: the frame ends with `permissionDenied`. */
  mayWriteStorage(address: Address): boolean
  setStorage(address: Address, slot: bigint, value: bigint): void
  getBalance(address: Address): bigint
  getCodeSize(address: Address): number
  getCode(address: Address): Uint8Array
  /** 32 bytes, or `undefined` for an account that does not exist or is empty. */
  getCodeHash(address: Address): Uint8Array | undefined
  /** 32 bytes, or `undefined` outside the last 256 blocks. */
  getBlockHash(number: number): Uint8Array | undefined
  emitLog(entry: LogEntry): void
  addRefund(gas: number): void
  selfDestruct(address: Address, beneficiary: Address): void
}

/**
 * One frame of code, run in turns: a call or creation it makes is handed out, so that frames nest in the caller's
 * list and never on the stack of the process, however deep contracts go.
 */
export interface VmFrame {
  /** Runs until the frame ends, or until it makes a call whose outcome it must know. */
  run(): VmTurn
  /** What the call gave back. Once after each turn of type `call`. */
  resume(result: NestedResult): void
}

export type VmTurn =
  | { readonly type: 'end'; readonly result: VmResult }
  | { readonly type: 'call'; readonly message: VmMessage }

/** Makes frames that run code against a host. */
export interface VirtualMachine {
  readonly name: string
  start(code: VmCode, message: VmMessage, host: VmHost): VmFrame
}

/** Code with the hash under which an engine may cache its analysis; init code has none. */
export interface VmCode {
  readonly bytes: Uint8Array
  readonly hash?: string
}

/** The contracts of Ethereum at addresses 1 to 9 (spec 01 §11.8). */
export interface EthereumContracts {
  has(address: Address): boolean
  gas(address: Address, input: Uint8Array): bigint
  /** `undefined` when the contract fails. */
  run(address: Address, input: Uint8Array): Uint8Array | undefined
}
