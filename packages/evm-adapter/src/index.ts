/**
 * EVM of a BCOS chain: a synchronous interpreter with the chain's prices, accounts kept in tables, and the
 * contracts of Ethereum at addresses 1 to 9.
 * @module
 */
export { tableAccountState } from './account-state.ts'
export { type EthereumCrypto, ethereumContracts } from './ethereum-contracts.ts'
export { createInterpreter, type InterpreterInit } from './interpreter/interpreter.ts'
export { type GasSchedule } from './interpreter/gas.ts'
