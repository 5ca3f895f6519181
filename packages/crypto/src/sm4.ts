/**
 * SM4 (GB/T 32907-2016), a block cipher of 128-bit blocks and keys, and its CBC mode.
 * @module
 */
import { fromHex } from '@bcos-ts/common'
import { rotl } from '@noble/hashes/utils.js'
import { type BlockCipher, type CbcEngine, portableCbc } from './cbc.ts'

const BLOCK_BYTES = 16
const KEY_BYTES = 16
const ROUNDS = 32

/** S-box, GB/T 32907-2016 §6.2. */
const S: Uint8Array = /* @__PURE__ */ fromHex(
  'd690e9fecce13db716b614c228fb2c052b679a762abe04c3aa44132649860699' +
    '9c4250f491ef987a33540b43edcfac62e4b31ca9c908e89580df94fa758f3fa6' +
    '4707a7fcf37317ba83593c19e6854fa8686b81b27164da8bf8eb0f4b70569d35' +
    '1e240e5e6358d1a225227c3b01217887d40046579fd327524c3602e7a0c4c89e' +
    'eabf8ad240c738b5a3f7f2cef96115a1e0ae5da49b341a55ad933230f58cb1e3' +
    '1df6e22e8266ca60c02923ab0d534e6fd5db3745defd8e2f03ff6a726d6c5b51' +
    '8d1baf92bbddbc7f11d95c411f105ad80ac13188a5cd7bbd2d74d012b8e5b4b0' +
    '8969974a0c96777e65b9f109c56ec68418f07dec3adc4d2079ee5f3ed7cb3948',
)

/** `L(S(x) <<< 24)`: substitution and linear map (§6.2) of the top byte; of other bytes it is the same, rotated. */
const T: Uint32Array = /* @__PURE__ */ (() =>
  Uint32Array.from(S, (s) => {
    const b = s << 24
    return b ^ rotl(b, 2) ^ rotl(b, 10) ^ rotl(b, 18) ^ rotl(b, 24)
  }))()

/** System parameter FK, §7.3. */
const FK = [0xa3b1bac6, 0x56aa3350, 0x677d9197, 0xb27022dc] as const

/** The round function's mixing `T`, §6.2. */
function mix(x: number): number {
  return (
    T[x >>> 24]! ^
    rotl(T[(x >>> 16) & 0xff]!, 24) ^
    rotl(T[(x >>> 8) & 0xff]!, 16) ^
    rotl(T[x & 0xff]!, 8)
  )
}

/** The mixing of the key schedule, `T'`, §7.3. */
function mixKey(x: number): number {
  const b =
    (S[x >>> 24]! << 24) |
    (S[(x >>> 16) & 0xff]! << 16) |
    (S[(x >>> 8) & 0xff]! << 8) |
    S[x & 0xff]!
  return b ^ rotl(b, 13) ^ rotl(b, 23)
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
}

/** Round keys, §7.3. Byte j of the constant CK_i is 7 · (4i + j) mod 256. */
function expandKey(key: Uint8Array): Uint32Array {
  const view = viewOf(key)
  const k = new Uint32Array(ROUNDS + 4)
  for (let i = 0; i < 4; i++) k[i] = view.getUint32(4 * i) ^ FK[i]!
  for (let i = 0; i < ROUNDS; i++) {
    let ck = 0
    for (let j = 0; j < 4; j++) ck = (ck << 8) | ((7 * (4 * i + j)) & 0xff)
    k[i + 4] = k[i]! ^ mixKey(k[i + 1]! ^ k[i + 2]! ^ k[i + 3]! ^ ck)
  }
  return k.subarray(4)
}

function crypt(roundKeys: Uint32Array, input: Uint8Array, at: number, output: Uint8Array): void {
  const view = viewOf(input)
  let a = view.getUint32(at)
  let b = view.getUint32(at + 4)
  let c = view.getUint32(at + 8)
  let d = view.getUint32(at + 12)
  for (const roundKey of roundKeys) {
    const next = a ^ mix(b ^ c ^ d ^ roundKey)
    a = b
    b = c
    c = d
    d = next
  }
  const result = viewOf(output)
  result.setUint32(0, d)
  result.setUint32(4, c)
  result.setUint32(8, b)
  result.setUint32(12, a)
}

/** SM4 with a key of 16 bytes, block by block. Most callers want {@link portableSm4Cbc}. */
export function sm4(key: Uint8Array): BlockCipher {
  const forward = expandKey(key)
  const backward = forward.toReversed()
  return {
    blockBytes: BLOCK_BYTES,
    encryptBlock: (input, at, output) => crypt(forward, input, at, output),
    decryptBlock: (input, at, output) => crypt(backward, input, at, output),
  }
}

/** SM4-CBC with PKCS#7 padding in portable code. */
export const portableSm4Cbc: CbcEngine = /* @__PURE__ */ portableCbc(
  { keyBytes: KEY_BYTES, blockBytes: BLOCK_BYTES },
  sm4,
)
