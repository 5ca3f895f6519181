import { describeCryptoSuite } from './compliance.ts'
import { createGuomiSuite, guomiSuite, portableSm3 } from './guomi.ts'
import { nativeEcdsa, opensslSm2, opensslSm3, wasmKeccak256 } from './node/index.ts'
import { createNodeSuites } from './node/node-suites.ts'
import { portableEcdsa } from './secp256k1.ts'
import { portableSm2 } from './sm2.ts'
import { createStandardSuite, portableKeccak256, standardSuite } from './standard.ts'

describeCryptoSuite('portable standard', () => standardSuite)
describeCryptoSuite('portable guomi', () => guomiSuite)
describeCryptoSuite('node standard', async () => (await createNodeSuites()).standard)
describeCryptoSuite('node guomi', async () => (await createNodeSuites()).guomi)

describeCryptoSuite('hash-wasm with @noble/curves', async () =>
  createStandardSuite({ keccak256: await wasmKeccak256(), ecdsa: portableEcdsa }),
)
describeCryptoSuite('@noble/hashes with native secp256k1', () =>
  createStandardSuite({ keccak256: portableKeccak256, ecdsa: nativeEcdsa() ?? portableEcdsa }),
)
describeCryptoSuite('node:crypto SM3 with @noble/curves', () =>
  createGuomiSuite({ sm3: opensslSm3() ?? portableSm3, sm2: portableSm2 }),
)
describeCryptoSuite('portable SM3 with node:crypto SM2', () =>
  createGuomiSuite({ sm3: portableSm3, sm2: opensslSm2() ?? portableSm2 }),
)
