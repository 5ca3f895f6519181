import { concatBytes, equalBytes } from '@bcos-ts/common'
import { createGuomiSuite, portableSm3 } from '../guomi.ts'
import type { HashEngine } from '../hash.ts'
import {
  type EcdsaBatchVerifier,
  type EcdsaEngine,
  type EcdsaVerifier,
  portableEcdsa,
} from '../secp256k1.ts'
import { portableSm2, type Sm2Engine, type Sm2Verifier } from '../sm2.ts'
import { createStandardSuite, portableKeccak256 } from '../standard.ts'
import type { BatchSuite } from '../suite.ts'
import { type WasmEcdsa, wasmEcdsa } from '../wasm/ecdsa.ts'
import { wasmKeccak256, wasmSm3 } from '../wasm/hashes.ts'
import { wasmSm2 } from '../wasm/sm2.ts'
import { nativeEcdsa } from './native-ecdsa.ts'
import { opensslSm2 } from './openssl-sm2.ts'
import { opensslSm3 } from './openssl-sm3.ts'
import { sm3BySize } from './sm3-by-size.ts'

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

/** The engine, when it is there and passes its test. */
function tested<T>(engine: T | undefined, test: (engine: T) => boolean): T | undefined {
  if (engine === undefined) return undefined
  return attempt(() => test(engine)) === true ? engine : undefined
}

function testedHash(fast: HashEngine | undefined, portable: HashEngine): HashEngine | undefined {
  const expected = portable.hash(SELF_TEST_DIGEST)
  return tested(fast, ({ hash }) => equalBytes(hash(SELF_TEST_DIGEST), expected))
}

function testedEcdsa(fast: EcdsaEngine | undefined): EcdsaEngine | undefined {
  return tested(fast, (engine) => {
    const expected = portableEcdsa.sign(SELF_TEST_DIGEST, SELF_TEST_SECRET)
    return equalBytes(engine.sign(SELF_TEST_DIGEST, SELF_TEST_SECRET), expected)
  })
}

function recoversWell(engine: EcdsaVerifier): boolean {
  const signature = portableEcdsa.sign(SELF_TEST_DIGEST, SELF_TEST_SECRET)
  const signer = engine.recover(signature, SELF_TEST_DIGEST)
  return signer !== undefined && equalBytes(signer, portableEcdsa.publicKey(SELF_TEST_SECRET))
}

/** That a batch is good, and that it is not with the digest of one changed. */
function judgesBatchesWell(engine: EcdsaBatchVerifier): boolean {
  const signature = portableEcdsa.sign(SELF_TEST_DIGEST, SELF_TEST_SECRET)
  const publicKey = portableEcdsa.publicKey(SELF_TEST_SECRET)
  const batch = {
    count: 2,
    digests: concatBytes(SELF_TEST_DIGEST, SELF_TEST_DIGEST),
    signatures: concatBytes(signature, signature),
    publicKeys: concatBytes(publicKey, publicKey),
  }
  const valid = new Uint8Array(2)
  const isGood = engine.verifyTogether(batch, valid) && valid.every((answer) => answer === 1)
  batch.digests.fill(0, 0, 1)
  return isGood && !engine.verifyTogether(batch, valid)
}

function testedSm2(fast: Sm2Engine | undefined): Sm2Engine | undefined {
  return tested(fast, (engine) => {
    const publicKey = engine.publicKey(SELF_TEST_SECRET)
    const keys = { secretKey: SELF_TEST_SECRET, publicKey }
    return portableSm2.verify(engine.sign(SELF_TEST_DIGEST, keys), SELF_TEST_DIGEST, publicKey)
  })
}

function verifiesWell(engine: Sm2Verifier): boolean {
  const publicKey = portableSm2.publicKey(SELF_TEST_SECRET)
  const keys = { secretKey: SELF_TEST_SECRET, publicKey }
  const signature = portableSm2.sign(SELF_TEST_DIGEST, keys)
  return engine.verify(signature, SELF_TEST_DIGEST, publicKey)
}

function standardSuite(): BatchSuite {
  const native = testedEcdsa(attempt(nativeEcdsa))
  const wasm: WasmEcdsa | undefined = tested(attempt(wasmEcdsa), recoversWell)
  const batches: EcdsaBatchVerifier | undefined = tested(wasm, judgesBatchesWell)
  return createStandardSuite({
    keccak256: testedHash(attempt(wasmKeccak256), portableKeccak256) ?? portableKeccak256,
    ecdsa: native ?? portableEcdsa,
    verifier: native ?? wasm ?? portableEcdsa,
    ...(wasm && { knownSigners: wasm }),
    ...(batches && { batches }),
  })
}

function guomiSuite(): BatchSuite {
  const openssl = testedSm2(attempt(opensslSm2))
  const sm3 = sm3BySize(
    testedHash(attempt(wasmSm3), portableSm3),
    testedHash(attempt(opensslSm3), portableSm3),
  )
  return createGuomiSuite({
    sm3: sm3 ?? portableSm3,
    sm2: openssl ?? portableSm2,
    verifier: tested(attempt(wasmSm2), verifiesWell) ?? openssl ?? portableSm2,
  })
}

/** Both suites, so that a process can hold chains of either kind. */
export interface NodeSuites {
  readonly standard: BatchSuite
  readonly guomi: BatchSuite
}

/**
 * The suites on the fastest engines that run here: libsecp256k1, OpenSSL, and WebAssembly of our own for hashes, for SM2
 * verification, for signers that come again, and for all verification where a native engine is missing.
 * An engine that is missing, or fails its self-test against portable code, is replaced by the next;
 * `suite.engines` says what was chosen. Secret keys never go to WebAssembly.
 */
export async function createNodeSuites(): Promise<NodeSuites> {
  return { standard: standardSuite(), guomi: guomiSuite() }
}

/** Which engine serves which primitive, of both suites: `{ keccak256: 'wasm', sm2Signing: 'node:crypto', … }`. */
export function enginesInUse({ standard, guomi }: NodeSuites): Readonly<Record<string, string>> {
  return { ...standard.engines, ...guomi.engines }
}
