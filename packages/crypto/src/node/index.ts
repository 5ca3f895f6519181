/**
 * The same cryptography on what a Node process has: libsecp256k1, OpenSSL and WebAssembly. Import it from a
 * server; a library should take a `CryptoSuite` as a parameter.
 *
 * @example
 * ```ts
 * import { createNodeSuites } from '@bcos-ts/crypto/node'
 *
 * const { standard, guomi } = await createNodeSuites()
 * standard.engines // { keccak256: 'wasm', secp256k1: 'secp256k1 (native)', … }
 * ```
 * @module
 */
export { createNodeSuites, enginesInUse, type NodeSuites } from './node-suites.ts'
export {
  createSignatureBatches,
  type SignatureBatchesOptions,
} from './batches/signature-batches.ts'
export { nativeEcdsa } from './native-ecdsa.ts'
export { opensslSm2 } from './openssl-sm2.ts'
export { opensslSm3 } from './openssl-sm3.ts'
export { nodeDiskCipherEngines, opensslAes256Cbc, opensslSm4Cbc } from './openssl-ciphers.ts'
export { generateRsaKey, type RsaKey, rsaKeyFromPem, rsaVerifier } from './rsa.ts'
