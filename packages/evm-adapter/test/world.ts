/**
 * A small world for tests and benchmarks of the engine: accounts in tables, calls and creations at every depth, logs, with
 * Ethereum's rules for what a failed call costs, so that an engine of Ethereum can be compared with. What a failure costs
 * on a BCOS chain is the executor's business, and proven there.
 */
import { bigIntToBytes, concatBytes, EMPTY_BYTES, fromHex, toHex, utf8 } from '@bcos-ts/common'
import { standardSuite } from '@bcos-ts/crypto'
import { createInterpreter, tableAccountState } from '@bcos-ts/evm-adapter'
import { encodeBytes, encodeInteger, encodeList, type LogEntry } from '@bcos-ts/protocol'
import type {
  AccountState,
  EthereumContracts,
  NestedResult,
  StateTables,
  VirtualMachine,
  VmFrame,
  VmHost,
  VmMessage,
  VmResult,
  VmTransactionContext,
} from '@bcos-ts/protocol/ports'
import { createBlockTables, createMemoryStorage } from '@bcos-ts/storage-crud'

export const ORIGIN = '22'.repeat(20)
const CODE_BYTE = 200

export interface WorldInit {
  readonly vm?: VirtualMachine
  readonly context?: Partial<VmTransactionContext>
  readonly ethereum?: EthereumContracts
  /** @default 0x6000, as on Ethereum */
  readonly codeBytesMax?: number
}

/** How a message ended; of a creation with the address. */
export interface WorldResult extends VmResult {
  readonly createdAddress?: string
}

interface Activation {
  readonly frame: VmFrame
  readonly finish: (result: VmResult) => WorldResult
}

/** Tables of an empty chain, kept in memory. */
export async function emptyTables(): Promise<StateTables> {
  const storage = createMemoryStorage()
  await storage.start()
  return createBlockTables({ storage, parentNumber: 0, hash: standardSuite.hash })
}

export class World implements VmHost {
  readonly tables: StateTables
  readonly accounts: AccountState
  readonly context: VmTransactionContext
  logs: LogEntry[] = []
  refund = 0
  destroyed: string[] = []
  /** Called or paid: Ethereum deletes those of them that are empty. */
  touched: string[] = []
  balances = new Map<string, bigint>()
  /** Everything that was ever created or written to, undone or not. */
  readonly slots = new Map<string, Set<bigint>>()
  readonly created = new Set<string>()
  readonly #vm: VirtualMachine
  readonly #ethereum: EthereumContracts | undefined
  readonly #codeBytesMax: number

  constructor(tables: StateTables, init: WorldInit = {}) {
    this.tables = tables
    this.accounts = tableAccountState(standardSuite.hash)(tables)
    this.#vm = init.vm ?? createInterpreter({ hash: standardSuite.hash })
    this.#ethereum = init.ethereum
    this.#codeBytesMax = init.codeBytesMax ?? 0x6000
    this.context = {
      origin: ORIGIN,
      gasPrice: 1n,
      blockNumber: 7,
      timestamp: 1_600_000_000_000n,
      gasLimit: 0n,
      ...init.context,
    }
  }

  /** Runs a message and all it calls. */
  run(message: VmMessage): WorldResult {
    const open: Activation[] = []
    let entered = this.#enter(message)
    for (;;) {
      if ('frame' in entered) {
        open.push(entered)
      } else {
        const caller = open.at(-1)
        if (caller === undefined) return entered
        caller.frame.resume(nested(entered))
      }
      const innermost = open.at(-1)!
      const turn = innermost.frame.run()
      if (turn.type === 'call') {
        entered = this.#enter(turn.message)
      } else {
        open.pop()
        entered = innermost.finish(turn.result)
      }
    }
  }

  /** A call of the origin. */
  call(to: string, data: Uint8Array, over: Partial<VmMessage> = {}): WorldResult {
    return this.run({
      kind: 'call',
      isStatic: false,
      depth: 0,
      gas: 10_000_000,
      sender: this.context.origin,
      recipient: to,
      codeAddress: to,
      value: 0n,
      data,
      ...over,
    })
  }

  /** A creation by the origin. */
  deploy(code: Uint8Array, over: Partial<VmMessage> = {}): WorldResult {
    const { origin } = this.context
    return this.call(origin, code, { kind: 'create', ...over })
  }

  setCode(address: string, code: Uint8Array): void {
    this.accounts.createContract(address, [])
    this.accounts.setCode(address, code)
  }

  #enter(message: VmMessage): Activation | WorldResult {
    const undo = this.#undoPoint()
    if (message.kind === 'create' || message.kind === 'create2') return this.#create(message)
    const { codeAddress, data, gas } = message
    if (message.kind === 'call' || message.kind === 'staticcall') {
      this.touched.push(message.recipient)
    }
    if (message.kind === 'call') this.#transfer(message.sender, message.recipient, message.value)
    if (this.#ethereum?.has(codeAddress) === true) {
      const cost = this.#ethereum.gas(codeAddress, data)
      const output = cost > BigInt(gas) ? undefined : this.#ethereum.run(codeAddress, data)
      if (output === undefined) undo()
      return output === undefined
        ? { status: 'outOfGas', gasLeft: 0, output: EMPTY_BYTES }
        : { status: 'success', gasLeft: gas - Number(cost), output }
    }
    const code = this.accounts.code(codeAddress)
    if (code.bytes.length === 0) return { status: 'success', gasLeft: gas, output: EMPTY_BYTES }
    return {
      frame: this.#vm.start(code, message, this),
      finish: (result) => {
        if (result.status !== 'success') undo()
        return result
      },
    }
  }

  #create(message: VmMessage): Activation | WorldResult {
    const address = this.#newAddress(message)
    this.accounts.incrementNonce(message.sender)
    const undo = this.#undoPoint()
    if (this.accounts.hasCode(address) || this.accounts.nonce(address) > 0n) {
      return { status: 'badInstruction', gasLeft: 0, output: EMPTY_BYTES }
    }
    this.created.add(address)
    this.accounts.createContract(address, [])
    // A contract of Ethereum begins at nonce 1.
    this.accounts.incrementNonce(address)
    this.#transfer(message.sender, address, message.value)
    const own = { ...message, recipient: address, codeAddress: address }
    return {
      frame: this.#vm.start({ bytes: message.data }, own, this),
      finish: (result) => {
        const deposit = CODE_BYTE * result.output.length
        const isSuccess = result.status === 'success'
        const isPaid = deposit <= result.gasLeft && result.output.length <= this.#codeBytesMax
        if (!isSuccess || !isPaid) undo()
        if (!isSuccess) return result
        if (!isPaid) return { status: 'outOfGas', gasLeft: 0, output: EMPTY_BYTES }
        this.accounts.setCode(address, result.output)
        const gasLeft = result.gasLeft - deposit
        return { status: 'success', gasLeft, output: EMPTY_BYTES, createdAddress: address }
      },
    }
  }

  #newAddress(message: VmMessage): string {
    const sender = fromHex(message.sender)
    const preimage =
      message.salt === undefined
        ? encodeList([encodeBytes(sender), encodeInteger(this.accounts.nonce(message.sender))])
        : concatBytes(
            Uint8Array.of(0xff),
            sender,
            bigIntToBytes(message.salt, 32),
            standardSuite.hash(message.data),
          )
    return toHex(standardSuite.hash(preimage).subarray(12))
  }

  #transfer(from: string, to: string, value: bigint): void {
    if (value === 0n) return
    this.balances.set(from, this.getBalance(from) - value)
    this.balances.set(to, this.getBalance(to) + value)
  }

  #undoPoint(): () => void {
    const savepoint = this.tables.savepoint()
    const logs = this.logs.length
    const destroyed = this.destroyed.length
    const touched = this.touched.length
    const { refund } = this
    const balances = this.balances.size === 0 ? this.balances : new Map(this.balances)
    return () => {
      this.tables.rollback(savepoint)
      this.logs.length = logs
      this.destroyed.length = destroyed
      this.touched.length = touched
      this.refund = refund
      this.balances = new Map(balances)
    }
  }

  getStorage(address: string, slot: bigint): bigint {
    return this.accounts.storage(address, slot)
  }

  mayWriteStorage(address: string): boolean {
    return this.accounts.mayWriteStorage(address, this.context.origin)
  }

  setStorage(address: string, slot: bigint, value: bigint): void {
    this.accounts.setStorage(address, slot, value)
    const slots = this.slots.get(address)
    if (slots === undefined) this.slots.set(address, new Set([slot]))
    else slots.add(slot)
  }

  getBalance(address: string): bigint {
    return this.balances.get(address) ?? 0n
  }

  getCodeSize(address: string): number {
    return this.getCode(address).length
  }

  getCode(address: string): Uint8Array {
    return this.accounts.code(address).bytes
  }

  getCodeHash(address: string): Uint8Array | undefined {
    const isEmpty = this.accounts.isEmpty(address) && this.getBalance(address) === 0n
    return isEmpty ? undefined : this.accounts.codeHash(address)
  }

  /** As in Ethereum's state tests. */
  getBlockHash(number: number): Uint8Array | undefined {
    return standardSuite.hash(utf8(String(number)))
  }

  emitLog(entry: LogEntry): void {
    this.logs.push(entry)
  }

  addRefund(gas: number): void {
    this.refund += gas
  }

  selfDestruct(address: string, beneficiary: string): void {
    this.touched.push(beneficiary)
    const owned = this.getBalance(address)
    this.#transfer(address, beneficiary, owned)
    if (address === beneficiary) this.balances.set(address, 0n)
    if (!this.destroyed.includes(address)) this.destroyed.push(address)
  }
}

function nested(result: WorldResult): NestedResult {
  return {
    isSuccess: result.status === 'success',
    gasLeft: result.gasLeft,
    returnData: result.output,
    ...(result.createdAddress !== undefined && { createdAddress: result.createdAddress }),
  }
}
