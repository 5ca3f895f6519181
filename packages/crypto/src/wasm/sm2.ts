import { concatBytes } from '@bcos-ts/common'
import { SM2_SIGNATURE_BYTES, type Sm2Verifier, sm2Z } from '../sm2.ts'
import { sm3 } from '../sm3.ts'
import { SM2_WASM } from './binaries/sm2.ts'
import { wasmSource } from './load.ts'

/** What `wasm/sm2.ts` exports. The memory never grows. */
interface Sm2Exports {
  readonly memory: { readonly buffer: ArrayBuffer }
  digestsAt(): number
  signaturesAt(): number
  statusAt(): number
  prepare(): void
  readonly verify: (count: number, isWhole: number) => void
}

/** Signatures that the module takes at once. */
const CHUNK = 32
/** r, s and the key. */
const ITEM_BYTES = 128

/** Verification without signing: secret keys have no business in WebAssembly. */
function engineOf(exports: Sm2Exports): Sm2Verifier {
  exports.prepare()
  const memory = new Uint8Array(exports.memory.buffer)
  const digests = exports.digestsAt()
  const signatures = exports.signaturesAt()
  const status = exports.statusAt()
  const { verify } = exports

  return {
    engine: 'wasm',
    verify(signature, message, publicKey) {
      if (signature.length !== SM2_SIGNATURE_BYTES || publicKey.length !== 64) return false
      // The module makes the digest of Z and a message itself when that is a digest, as those of a chain are.
      const isShort = message.length === 32
      memory.set(isShort ? message : sm3(concatBytes(sm2Z(publicKey), message)), digests)
      memory.set(signature, signatures)
      memory.set(publicKey, signatures + SM2_SIGNATURE_BYTES)
      verify(1, isShort ? 0 : 1)
      return memory[status] === 1
    },
    verifyMany(batch, valid) {
      for (let from = 0; from < batch.count; from += CHUNK) {
        const to = Math.min(from + CHUNK, batch.count)
        memory.set(batch.digests.subarray(32 * from, 32 * to), digests)
        memory.set(batch.signatures.subarray(ITEM_BYTES * from, ITEM_BYTES * to), signatures)
        verify(to - from, 0)
        valid.set(memory.subarray(status, status + to - from), from)
      }
    },
  }
}

const source = /* @__PURE__ */ wasmSource<Sm2Exports>(SM2_WASM)

/** SM2 verification in WebAssembly; `undefined` where the platform has none or compiles no module of 16 KB at once. */
export function wasmSm2(): Sm2Verifier | undefined {
  const exports = source.instance()
  return exports && engineOf(exports)
}

/** The same, compiled in the background: for the main thread of a browser. */
export async function loadWasmSm2(): Promise<Sm2Verifier | undefined> {
  const exports = await source.load()
  return exports && engineOf(exports)
}
