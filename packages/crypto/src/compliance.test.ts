import { describeCryptoSuite } from './compliance.ts'
import { createGuomiSuite, guomiSuite, portableSm3 } from './guomi.ts'
import { nativeEcdsa, opensslSm2, opensslSm3 } from './node/index.ts'
import { createNodeSuites } from './node/node-suites.ts'
import { portableEcdsa } from './secp256k1.ts'
import { portableSm2 } from './sm2.ts'
import { createStandardSuite, portableKeccak256, standardSuite } from './standard.ts'
import { createWasmSuites, wasmEcdsa, wasmKeccak256, wasmSm2, wasmSm3 } from './wasm/index.ts'

describeCryptoSuite('portable standard', () => standardSuite)
describeCryptoSuite('portable guomi', () => guomiSuite)
describeCryptoSuite('node standard', async () => (await createNodeSuites()).standard)
describeCryptoSuite('node guomi', async () => (await createNodeSuites()).guomi)

describeCryptoSuite('WebAssembly standard', async () => (await createWasmSuites()).standard)
describeCryptoSuite('WebAssembly guomi', async () => (await createWasmSuites()).guomi)

describeCryptoSuite('keccak256 in WebAssembly with @noble/curves', () =>
  createStandardSuite({ keccak256: wasmKeccak256() ?? portableKeccak256, ecdsa: portableEcdsa }),
)
describeCryptoSuite('@noble/hashes with known signers in WebAssembly', () => {
  const wasm = wasmEcdsa()
  if (wasm === undefined) return standardSuite
  const everybodyIsKnown = {
    ...wasm,
    verifyKnown(signature: Uint8Array, digest: Uint8Array, publicKey: Uint8Array) {
      for (let i = 0; i < 3; i++) wasm.noteSigner(publicKey)
      return wasm.verifyKnown(signature, digest, publicKey)
    },
  }
  const engines = { keccak256: portableKeccak256, ecdsa: portableEcdsa }
  return createStandardSuite({ ...engines, knownSigners: everybodyIsKnown })
})
describeCryptoSuite('@noble/hashes with native secp256k1', () =>
  createStandardSuite({ keccak256: portableKeccak256, ecdsa: nativeEcdsa() ?? portableEcdsa }),
)
describeCryptoSuite('node:crypto SM3 with @noble/curves', () =>
  createGuomiSuite({ sm3: opensslSm3() ?? portableSm3, sm2: portableSm2 }),
)
describeCryptoSuite('SM3 in WebAssembly with @noble/curves', () =>
  createGuomiSuite({ sm3: wasmSm3() ?? portableSm3, sm2: portableSm2 }),
)
describeCryptoSuite('node:crypto with SM2 verified in WebAssembly', () => {
  const sm2 = opensslSm2() ?? portableSm2
  const sm3 = opensslSm3() ?? portableSm3
  return createGuomiSuite({ sm3, sm2, verifier: wasmSm2() ?? sm2 })
})
describeCryptoSuite('portable SM3 with node:crypto SM2', () =>
  createGuomiSuite({ sm3: portableSm3, sm2: opensslSm2() ?? portableSm2 }),
)
