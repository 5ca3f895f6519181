import type { HashEngine } from '../hash.ts'

/** From here on OpenSSL's faster rounds outweigh its dearer call. */
const LONG_MESSAGE_BYTES = 2048

/** SM3 in WebAssembly for short messages and by OpenSSL for long ones, or on the one of them that there is. */
export function sm3BySize(
  wasm: HashEngine | undefined,
  openssl: HashEngine | undefined,
): HashEngine | undefined {
  if (wasm === undefined || openssl === undefined) return wasm ?? openssl
  return {
    ...wasm,
    engine: `${wasm.engine}, ${openssl.engine} from ${LONG_MESSAGE_BYTES} bytes`,
    hash: (message) =>
      message.length < LONG_MESSAGE_BYTES ? wasm.hash(message) : openssl.hash(message),
  }
}
