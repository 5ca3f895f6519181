import type { HashEngine } from '../hash.ts'
import { KECCAK256_WASM } from './binaries/keccak256.ts'
import { SM3_WASM } from './binaries/sm3.ts'
import { wasmSource } from './load.ts'

/** What `wasm/keccak256.ts` and `wasm/sm3.ts` export. The memory never grows, so views of it stay good. */
interface HashExports {
  readonly memory: { readonly buffer: ArrayBuffer }
  inputAt(): number
  outputAt(): number
  lengthsAt(): number
  readonly reset: () => void
  readonly absorb: (length: number) => void
  readonly finish: (length: number) => void
  readonly hash: (length: number) => void
  readonly hashMany: (count: number) => void
}

/** Bytes that the input takes at once. */
const INPUT_BYTES = 65_536
/** Messages that the module hashes in one call. */
const MESSAGES = 1024

function engineOf(exports: HashExports, blockBytes: number): HashEngine {
  const { absorb, finish, hash, hashMany, reset } = exports
  const { buffer } = exports.memory
  const memory = new Uint8Array(buffer)
  const input = exports.inputAt()
  const outputs = memory.subarray(exports.outputAt(), exports.outputAt() + 32 * MESSAGES)
  const output = outputs.subarray(0, 32)
  const lengthsInside = new Uint32Array(buffer, exports.lengthsAt(), MESSAGES)
  const wholeBlocks = INPUT_BYTES - (INPUT_BYTES % blockBytes)

  function hashLong(message: Uint8Array): Uint8Array {
    reset()
    let from = 0
    for (; message.length - from > wholeBlocks; from += wholeBlocks) {
      memory.set(message.subarray(from, from + wholeBlocks), input)
      absorb(wholeBlocks)
    }
    memory.set(message.subarray(from), input)
    finish(message.length - from)
    return output.slice()
  }

  function hashOne(message: Uint8Array): Uint8Array {
    const { length } = message
    if (length > wholeBlocks) return hashLong(message)
    memory.set(message, input)
    hash(length)
    return output.slice()
  }

  /** How many of the messages from `first` on fit the input together, and their bytes. */
  function fitting(lengths: Uint32Array, first: number): readonly [count: number, bytes: number] {
    let bytes = 0
    let next = first
    for (; next < lengths.length && next - first < MESSAGES; next++) {
      const more = bytes + (lengths[next] ?? 0)
      if (more > wholeBlocks) break
      bytes = more
    }
    return [next - first, bytes]
  }

  return {
    engine: 'wasm',
    hash: hashOne,
    hashMany(messages, lengths) {
      const digests = new Uint8Array(32 * lengths.length)
      let from = 0
      for (let first = 0; first < lengths.length;) {
        const [count, bytes] = fitting(lengths, first)
        if (count === 0) {
          const length = lengths[first] ?? 0
          digests.set(hashLong(messages.subarray(from, from + length)), 32 * first)
          from += length
          first += 1
          continue
        }
        memory.set(messages.subarray(from, from + bytes), input)
        lengthsInside.set(lengths.subarray(first, first + count))
        hashMany(count)
        digests.set(outputs.subarray(0, 32 * count), 32 * first)
        from += bytes
        first += count
      }
      return digests
    },
  }
}

const keccak256Source = /* @__PURE__ */ wasmSource<HashExports>(KECCAK256_WASM)
const sm3Source = /* @__PURE__ */ wasmSource<HashExports>(SM3_WASM)

/**
 * keccak256 in WebAssembly; `undefined` where the platform has none. The module is small enough to be compiled on the main
 * thread of every browser.
 */
export function wasmKeccak256(): HashEngine | undefined {
  const exports = keccak256Source.instance()
  return exports && engineOf(exports, 136)
}

/** SM3 in WebAssembly; `undefined` where the platform has none. Small enough for main threads, too. */
export function wasmSm3(): HashEngine | undefined {
  const exports = sm3Source.instance()
  return exports && engineOf(exports, 64)
}
