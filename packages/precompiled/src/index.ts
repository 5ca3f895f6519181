/**
 * Native contracts of a BCOS chain: the framework in which they are declared, and those that every 2.9 chain has.
 *
 * @example
 * ```ts
 * import { builtInContracts, createNativeContracts } from '@bcos-ts/precompiled'
 *
 * const contracts = createNativeContracts({ builtIn: builtInContracts(crypto), extensions: [counter] })
 * const session = contracts.open({ tables, suite, parentHash, isFreeStorage: false })
 * session.call({ address, input, origin, sender })
 * ```
 * @module
 */
export { builtInContracts } from './built-in.ts'
/** Codes live with the words of the chain; native contracts are declared with them. */
export { ResultCode } from '@bcos-ts/protocol'
export { helloWorld } from './contracts/hello-world.ts'
export { fieldOf, newRow, ownTable, putRow, where } from './contracts/rows.ts'
export { tableObjects } from './contracts/table-objects.ts'
export { InvalidDeclarationError, PrecompiledError, type PrecompiledErrorCode } from './errors.ts'
export { nativeAddress } from './framework/address.ts'
export {
  CodeWord,
  type DeclareFunction,
  type FunctionDetails,
  type FunctionTable,
  functionsOf,
  native,
  type NativeContract,
  type NativeFrame,
  type NativeFunction,
  type NativeObject,
  type NativeObjects,
  type NativeResult,
  type UnknownFunction,
} from './framework/declaration.ts'
export { abiOf, solidityOf } from './framework/describe.ts'
export { type GasMeter, memoryGas, type Operation, type PriceList } from './framework/gas-meter.ts'
export {
  createNativeContracts,
  EXTENSION_ADDRESSES,
  type NativeContractsInit,
} from './framework/native-contracts.ts'
export { Refusal, refuse } from './framework/refusal.ts'
export type {
  ArgumentsOf,
  ArgumentValue,
  ElementaryType,
  ResultOf,
  ResultValue,
} from './framework/signature.ts'
export type { NativeCrypto, VrfClaim } from './native-crypto.ts'
export { precompiledErrorGuide } from './error-guide.ts'
