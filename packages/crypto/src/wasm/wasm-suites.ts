import { createGuomiSuite, portableSm3 } from '../guomi.ts'
import { portableEcdsa } from '../secp256k1.ts'
import { portableSm2 } from '../sm2.ts'
import { createStandardSuite, portableKeccak256 } from '../standard.ts'
import type { BatchSuite } from '../suite.ts'
import { loadWasmEcdsa } from './ecdsa.ts'
import { wasmKeccak256, wasmSm3 } from './hashes.ts'
import { loadWasmSm2 } from './sm2.ts'

/**
 * Both suites on WebAssembly, with signatures made by portable code. Until this resolves use the portable suites of
 * `@bcos-ts/crypto`; where the platform refuses WebAssembly these are what it resolves with.
 */
export async function createWasmSuites(): Promise<{
  readonly standard: BatchSuite
  readonly guomi: BatchSuite
}> {
  const [ecdsa, sm2] = await Promise.all([loadWasmEcdsa(), loadWasmSm2()])
  return {
    standard: createStandardSuite({
      keccak256: wasmKeccak256() ?? portableKeccak256,
      ecdsa: portableEcdsa,
      ...(ecdsa && { verifier: ecdsa, knownSigners: ecdsa, batches: ecdsa }),
    }),
    guomi: createGuomiSuite({
      sm3: wasmSm3() ?? portableSm3,
      sm2: portableSm2,
      ...(sm2 && { verifier: sm2 }),
    }),
  }
}
