import { equalBytes } from '@bcos-ts/common'
import { createGuomiSuite, portableSm3 } from '../guomi.ts'
import type { HashEngine } from '../hash.ts'
import { type EcdsaEngine, portableEcdsa } from '../secp256k1.ts'
import { portableSm2, type Sm2Engine } from '../sm2.ts'
import { createStandardSuite, portableKeccak256 } from '../standard.ts'
import type { CryptoSuite } from '../suite.ts'
import { nativeEcdsa } from './native-ecdsa.ts'
import { opensslSm2 } from './openssl-sm2.ts'
import { opensslSm3 } from './openssl-sm3.ts'
import { wasmKeccak256 } from './wasm-keccak.ts'

const SELF_TEST_SECRET = /* @__PURE__ */ new Uint8Array(32).fill(0x2a)
const SELF_TEST_DIGEST = /* @__PURE__ */ new Uint8Array(32).fill(0x51)

/** The answer of `run`, or `undefined` when the engine cannot do on this platform what it says. */
function attempt<T>(run: () => T): T | undefined {
  try {
    return run()
  } catch {
    return undefined
  }
}

function chooseHash(fast: HashEngine | undefined, portable: HashEngine): HashEngine {
  const isGood = attempt(() => {
    const digest = fast?.hash(SELF_TEST_DIGEST)
    return digest !== undefined && equalBytes(digest, portable.hash(SELF_TEST_DIGEST))
  })
  return fast !== undefined && isGood === true ? fast : portable
}

function chooseEcdsa(fast: EcdsaEngine | undefined): EcdsaEngine {
  const isGood = attempt(() => {
    const signature = fast?.sign(SELF_TEST_DIGEST, SELF_TEST_SECRET)
    const expected = portableEcdsa.sign(SELF_TEST_DIGEST, SELF_TEST_SECRET)
    return signature !== undefined && equalBytes(signature, expected)
  })
  return fast !== undefined && isGood === true ? fast : portableEcdsa
}

function chooseSm2(fast: Sm2Engine | undefined): Sm2Engine {
  const isGood = attempt(() => {
    if (fast === undefined) return false
    const publicKey = fast.publicKey(SELF_TEST_SECRET)
    const keys = { secretKey: SELF_TEST_SECRET, publicKey }
    const signature = fast.sign(SELF_TEST_DIGEST, keys)
    return portableSm2.verify(signature, SELF_TEST_DIGEST, publicKey)
  })
  return fast !== undefined && isGood === true ? fast : portableSm2
}

/** Both suites, so that a process can hold chains of either kind. */
export interface NodeSuites {
  readonly standard: CryptoSuite
  readonly guomi: CryptoSuite
}

/**
 * The suites on the fastest engines that run here: libsecp256k1, OpenSSL, and WebAssembly for keccak256.
 * An engine that is missing, or fails its self-test against portable code, is replaced by portable code;
 * `suite.engines` says what was chosen. Secret keys never go to WebAssembly.
 */
export async function createNodeSuites(): Promise<NodeSuites> {
  const keccak256 = await wasmKeccak256().catch(() => undefined)
  return {
    standard: createStandardSuite({
      keccak256: chooseHash(keccak256, portableKeccak256),
      ecdsa: chooseEcdsa(attempt(nativeEcdsa)),
    }),
    guomi: createGuomiSuite({
      sm3: chooseHash(attempt(opensslSm3), portableSm3),
      sm2: chooseSm2(attempt(opensslSm2)),
    }),
  }
}
