/**
 * Cryptography of a BCOS chain.
 * @module
 */
export type { CryptoSuite, KeyPair, SuiteName } from './suite.ts'
