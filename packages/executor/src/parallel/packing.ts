/**
 * One buffer instead of objects between threads: integers little-endian base-128, texts and bytes behind their
 * lengths. Both ends are of the same process: nothing here is kept or sent to others.
 * @module
 */
import {
  bigIntToMinimalBytes,
  bytesToBigInt,
  bytesToText,
  type ByteText,
  textToBytes,
} from '@bcos-ts/common'

const FIRST_BYTES = 64 * 1024

export class Packer {
  #bytes = new Uint8Array(FIRST_BYTES)
  #at = 0

  /** A whole number from 0 to 2^53 - 1. */
  integer(value: number): void {
    this.#reserve(8)
    let rest = value
    for (; rest >= 128; rest = Math.floor(rest / 128)) this.#bytes[this.#at++] = (rest % 128) | 128
    this.#bytes[this.#at++] = rest
  }

  flag(value: boolean): void {
    this.integer(value ? 1 : 0)
  }

  /** Of 256 bits at most. */
  big(value: bigint): void {
    this.bytes(bigIntToMinimalBytes(value))
  }

  bytes(value: Uint8Array): void {
    this.integer(value.length)
    this.#reserve(value.length)
    this.#bytes.set(value, this.#at)
    this.#at += value.length
  }

  text(value: ByteText): void {
    this.bytes(textToBytes(value))
  }

  list<T>(items: readonly T[], pack: (item: T) => void): void {
    this.integer(items.length)
    for (const item of items) pack(item)
  }

  /** What was packed, in a buffer of its own. */
  finish(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#at)
  }

  #reserve(length: number): void {
    if (this.#at + length <= this.#bytes.length) return
    const larger = new Uint8Array(Math.max(2 * this.#bytes.length, this.#at + length))
    larger.set(this.#bytes.subarray(0, this.#at))
    this.#bytes = larger
  }
}

/** Reads what a {@link Packer} packed, in the same order. */
export class Unpacker {
  readonly #bytes: Uint8Array
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length
  }

  integer(): number {
    let result = 0
    for (let factor = 1; ; factor *= 128) {
      const byte = this.#bytes[this.#at++]
      if (byte === undefined) throw new RangeError('the packed bytes are cut off')
      result += (byte & 127) * factor
      if (byte < 128) return result
    }
  }

  flag(): boolean {
    return this.integer() === 1
  }

  big(): bigint {
    return bytesToBigInt(this.bytes())
  }

  bytes(): Uint8Array {
    const length = this.integer()
    const start = this.#at
    this.#at += length
    if (this.#at > this.#bytes.length) throw new RangeError('the packed bytes are cut off')
    return this.#bytes.subarray(start, this.#at)
  }

  text(): ByteText {
    return bytesToText(this.bytes())
  }

  list<T>(unpack: () => T): T[] {
    return Array.from({ length: this.integer() }, unpack)
  }
}
