/**
 * What Node's buffers do faster than a loop. Elsewhere, as in browsers, there is none, and loops do it.
 * @module
 */
interface HostBuffer {
  readonly prototype: {
    readonly hexSlice?: (this: Uint8Array) => string
    readonly latin1Slice?: (this: Uint8Array) => string
  }
  /** A buffer over the same memory. */
  from(memory: ArrayBufferLike, offset: number, length: number): WritableBuffer
}

interface WritableBuffer {
  /** The number of bytes that were written: hexadecimal text is read up to the first pair that is none. */
  write(text: string, encoding: 'hex' | 'latin1'): number
}

const host: HostBuffer | undefined = Reflect.get(globalThis, 'Buffer')

/** Below this a loop is as fast. */
const HOST_WRITE_MIN = 24

export const hexSlice: ((this: Uint8Array) => string) | undefined = host?.prototype.hexSlice
export const latin1Slice: ((this: Uint8Array) => string) | undefined = host?.prototype.latin1Slice

/** Writes text over bytes; the number written, or `undefined` where it is not to be done this way. */
export function hostWrite(
  bytes: Uint8Array,
  text: string,
  encoding: 'hex' | 'latin1',
): number | undefined {
  if (host === undefined || bytes.length < HOST_WRITE_MIN) return undefined
  return host.from(bytes.buffer, bytes.byteOffset, bytes.length).write(text, encoding)
}
