import {
  ECDSA_SIGNATURE_BYTES,
  type EcdsaBatchVerifier,
  type EcdsaKnownSigners,
  type EcdsaVerifier,
} from '../secp256k1.ts'
import { assertBatch } from '../signature-batch.ts'
import { SECP256K1_WASM } from './binaries/secp256k1.ts'
import { wasmSource } from './load.ts'

/** What `wasm/secp256k1.ts` exports. The memory never grows. */
interface EcdsaExports {
  readonly memory: { readonly buffer: ArrayBuffer }
  digestsAt(): number
  signaturesAt(): number
  keysAt(): number
  statusAt(): number
  randomAt(): number
  prepare(): void
  readonly recover: (count: number) => void
  readonly verifyKnown: (count: number) => void
  readonly note: () => void
  readonly verifyTogether: (count: number) => number
}

/** Signatures that the module recovers at once. */
const CHUNK = 32
/** Signatures that it verifies together, at most. */
const TOGETHER = 256
/** Random bytes for each of those: 128 bits are what a forged batch has to guess. */
const RANDOM_BYTES = 16
/** The module's word for a signer that it has no table of. */
const UNKNOWN = 2

/** Verification without signing: secret keys have no business in WebAssembly. */
export type WasmEcdsa = EcdsaVerifier & EcdsaKnownSigners & EcdsaBatchVerifier

function engineOf(exports: EcdsaExports): WasmEcdsa {
  exports.prepare()
  const memory = new Uint8Array(exports.memory.buffer)
  const digests = exports.digestsAt()
  const signatures = exports.signaturesAt()
  const keys = exports.keysAt()
  const status = exports.statusAt()
  const random = new Uint8Array(exports.memory.buffer, exports.randomAt(), RANDOM_BYTES * TOGETHER)
  const { recover, verifyKnown, note, verifyTogether } = exports

  function put(signature: Uint8Array, digest: Uint8Array): boolean {
    if (signature.length !== ECDSA_SIGNATURE_BYTES || digest.length !== 32) return false
    memory.set(digest, digests)
    memory.set(signature, signatures)
    return true
  }

  return {
    engine: 'wasm',
    recover(signature, digest) {
      if (!put(signature, digest)) return undefined
      recover(1)
      return memory[status] === 1 ? memory.slice(keys, keys + 64) : undefined
    },
    recoverMany(batch, signers) {
      for (let from = 0; from < batch.count; from += CHUNK) {
        const to = Math.min(from + CHUNK, batch.count)
        const count = to - from
        memory.set(batch.digests.subarray(32 * from, 32 * to), digests)
        const part = [ECDSA_SIGNATURE_BYTES * from, ECDSA_SIGNATURE_BYTES * to] as const
        memory.set(batch.signatures.subarray(...part), signatures)
        recover(count)
        signers.publicKeys.set(memory.subarray(keys, keys + 64 * count), 64 * from)
        signers.valid.set(memory.subarray(status, status + count), from)
      }
    },
    verifyKnown(signature, digest, publicKey) {
      if (publicKey.length !== 64 || !put(signature, digest)) return false
      memory.set(publicKey, keys)
      verifyKnown(1)
      return memory[status] === UNKNOWN ? undefined : memory[status] === 1
    },
    noteSigner(publicKey) {
      if (publicKey.length !== 64) return
      memory.set(publicKey, keys)
      note()
    },
    together: TOGETHER,
    verifyTogether(batch, valid) {
      const { count } = batch
      assertBatch(batch, ECDSA_SIGNATURE_BYTES)
      if (count > TOGETHER) throw new RangeError(`${count} signatures are more than ${TOGETHER}`)
      memory.set(batch.digests, digests)
      memory.set(batch.signatures, signatures)
      memory.set(batch.publicKeys, keys)
      crypto.getRandomValues(random.subarray(0, RANDOM_BYTES * count))
      const areGood = verifyTogether(count) === 1
      valid.set(memory.subarray(status, status + count))
      return areGood
    },
  }
}

const source = /* @__PURE__ */ wasmSource<EcdsaExports>(SECP256K1_WASM)

/** Recovery on secp256k1 in WebAssembly; `undefined` where the platform has none or compiles no module of 24 KB at once. */
export function wasmEcdsa(): WasmEcdsa | undefined {
  const exports = source.instance()
  return exports && engineOf(exports)
}

/** The same, compiled in the background: for the main thread of a browser. */
export async function loadWasmEcdsa(): Promise<WasmEcdsa | undefined> {
  const exports = await source.load()
  return exports && engineOf(exports)
}
