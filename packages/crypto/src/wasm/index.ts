/**
 * Hashes and verification in WebAssembly of our own, for browsers and for platforms without native code. Nothing here takes
 * a secret key: signing stays with the portable code that the suites are completed with.
 *
 * @example
 * ```ts
 * import { createWasmSuites } from '@bcos-ts/crypto/wasm'
 *
 * const { standard, guomi } = await createWasmSuites()
 * standard.engines // { keccak256: 'wasm', secp256k1: 'wasm', secp256k1Signing: '@noble/curves', … }
 * ```
 * @module
 */
export { createWasmSuites } from './wasm-suites.ts'
export { wasmKeccak256, wasmSm3 } from './hashes.ts'
export { loadWasmEcdsa, type WasmEcdsa, wasmEcdsa } from './ecdsa.ts'
export { loadWasmSm2, wasmSm2 } from './sm2.ts'
