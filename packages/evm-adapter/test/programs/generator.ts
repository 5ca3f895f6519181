/**
 * Random contracts that mostly make sense: expressions, memory, storage, loops, functions, calls among one another, logs,
 * creations. One seed is one set of contracts, byte for byte.
 */
import { concatBytes, fromHex } from '@bcos-ts/common'

/** Deterministic chance: xorshift over 32 bits. */
export class Chance {
  #state: number

  constructor(seed: number) {
    this.#state = (Math.imul(seed + 1, 0x9e37_79b1) ^ 0x5bd1_e995) >>> 0 || 1
  }

  below(limit: number): number {
    let x = this.#state
    x ^= x << 13
    x ^= x >>> 17
    x ^= x << 5
    this.#state = x >>> 0
    return this.#state % limit
  }

  of<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!
  }

  oneIn(count: number): boolean {
    return this.below(count) === 0
  }
}

/** Code under construction; jumps name labels, which become places when all is written. */
class Assembler {
  readonly #parts: (Uint8Array | { readonly label: number } | { readonly at: number })[] = []
  #labels = 0

  label(): number {
    return this.#labels++
  }

  /** JUMPDEST here. */
  mark(label: number): void {
    this.#parts.push({ at: label }, Uint8Array.of(0x5b))
  }

  pushLabel(label: number): void {
    this.#parts.push({ label })
  }

  emit(...bytes: readonly number[]): void {
    this.#parts.push(Uint8Array.from(bytes))
  }

  push(value: bigint): void {
    const digits = value.toString(16)
    const bytes = fromHex(digits.length % 2 === 0 ? digits : `0${digits}`)
    this.#parts.push(Uint8Array.of(0x5f + bytes.length, ...bytes))
  }

  bytes(): Uint8Array {
    const places = new Map<number, number>()
    let length = 0
    for (const part of this.#parts) {
      if (part instanceof Uint8Array) length += part.length
      else if ('label' in part) length += 3
      else places.set(part.at, length)
    }
    return concatBytes(
      ...this.#parts.map((part) => {
        if (part instanceof Uint8Array) return part
        if ('at' in part) return new Uint8Array(0)
        const place = places.get(part.label) ?? 0
        return Uint8Array.of(0x61, place >> 8, place & 0xff)
      }),
    )
  }
}

const WORDS: readonly bigint[] = [
  0n,
  1n,
  2n,
  31n,
  32n,
  255n,
  256n,
  2n ** 31n - 1n,
  2n ** 31n,
  2n ** 32n - 1n,
  2n ** 32n,
  2n ** 53n - 1n,
  2n ** 53n,
  2n ** 64n - 1n,
  2n ** 128n,
  2n ** 160n - 1n,
  2n ** 224n,
  2n ** 255n - 1n,
  2n ** 255n,
  2n ** 256n - 32n,
  2n ** 256n - 1n,
]
const UNARY = [0x15, 0x19, 0x31, 0x35, 0x3b, 0x3f, 0x40]
const BINARY = [
  0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x0a, 0x0b, 0x10, 0x11, 0x12, 0x13, 0x14, 0x16, 0x17,
  0x18, 0x1a, 0x1b, 0x1c, 0x1d,
]
const TERNARY = [0x08, 0x09]
const READS = [0x30, 0x32, 0x33, 0x34, 0x36, 0x38, 0x3a, 0x3d, 0x42, 0x43, 0x58, 0x59, 0x5a]
const NESTING_MAX = 3
/** Within this much memory all of it happens. */
const MEMORY = 200

/** Creations whose code is short: nothing, a code of 10 bytes, a failure, a revert with data, a write. */
const INIT_CODES = [
  '00',
  '600a6000f3',
  'fe',
  '60206000fd',
  '600160005560056000f3',
  '5b600056',
  '60016000526001601ff3',
].map((code) => BigInt(`0x${code.padEnd(64, '0')}`))

/** Writes one contract. */
class Writer {
  readonly #chance: Chance
  readonly #targets: readonly bigint[]
  readonly #code = new Assembler()
  readonly #functions: number[] = []
  /** Values that the running piece has put on the stack and may duplicate. */
  #depth = 0

  constructor(chance: Chance, targets: readonly bigint[]) {
    this.#chance = chance
    this.#targets = targets
  }

  contract(): Uint8Array {
    this.#functions.push(this.#code.label(), this.#code.label())
    this.#statements(2 + this.#chance.below(8), 0)
    this.#end()
    for (const label of this.#functions) this.#function(label)
    return this.#code.bytes()
  }

  /** Called with its return address on top of one argument; leaves one value. */
  #function(label: number): void {
    const code = this.#code
    this.#depth = 0
    code.mark(label)
    code.emit(0x90)
    this.#expression(0)
    code.emit(this.#chance.of(BINARY.filter((opcode) => opcode !== 0x0a)), 0x90, 0x56)
  }

  #statements(count: number, nesting: number): void {
    for (let i = 0; i < count; i++) this.#statement(nesting)
  }

  #statement(nesting: number): void {
    const choices = [
      () => this.#store(0x52),
      () => this.#store(0x52),
      () => this.#store(0x53),
      () => this.#storage(),
      () => this.#storage(),
      () => this.#copy(),
      () => this.#log(),
      () => this.#call(),
      () => this.#create(),
      () => this.#branch(nesting),
      () => this.#loop(nesting),
      () => this.#discard(),
      () => this.#oddity(),
    ]
    this.#chance.of(choices)()
  }

  #small(limit: number): void {
    this.#code.push(BigInt(this.#chance.below(limit)))
    this.#depth += 1
  }

  /** Leaves one value more. */
  #expression(nesting: number): void {
    const { below, of } = { below: (n: number) => this.#chance.below(n), of: this.#chance }
    const code = this.#code
    const kind = nesting > NESTING_MAX ? below(4) : below(16)
    if (kind < 2) code.push(of.of(WORDS))
    else if (kind === 2) code.push(BigInt(below(300)))
    else if (kind === 3) code.emit(of.of(READS))
    else if (kind < 9) return this.#operation(of.of(BINARY), 2, nesting)
    else if (kind === 9) return this.#operation(of.of(UNARY), 1, nesting)
    else if (kind === 10) return this.#operation(of.of(TERNARY), 3, nesting)
    else if (kind === 11) return this.#place(0x51, MEMORY)
    else if (kind === 12) return this.#place(0x54, 4)
    else if (kind === 13) return this.#hash()
    else if (kind === 14 && this.#depth > 0) code.emit(0x80 + below(Math.min(16, this.#depth)))
    else return this.#invoke(nesting)
    this.#depth += 1
  }

  #operation(opcode: number, operands: number, nesting: number): void {
    for (let i = 0; i < operands; i++) this.#expression(nesting + 1)
    // A shuffle in between, as compilers do.
    if (operands === 2 && this.#chance.oneIn(3)) this.#code.emit(0x90)
    this.#code.emit(opcode)
    this.#depth -= operands - 1
  }

  #place(opcode: number, limit: number): void {
    this.#small(limit)
    this.#code.emit(opcode)
  }

  #hash(): void {
    if (this.#chance.oneIn(2)) return this.#hashOfTwo()
    this.#code.push(BigInt(this.#chance.of([0, 1, 32, 64, 70])))
    this.#code.push(BigInt(this.#chance.below(MEMORY)))
    this.#code.emit(0x20)
    this.#depth += 1
  }

  /** As of a key of a mapping. */
  #hashOfTwo(): void {
    const code = this.#code
    code.push(this.#chance.of(WORDS))
    code.push(0n)
    code.emit(0x52, 0x33)
    code.push(32n)
    code.emit(0x52)
    code.push(64n)
    code.push(0n)
    code.emit(0x20)
    this.#depth += 1
  }

  /** A call of a function of this contract. */
  #invoke(nesting: number): void {
    const label = this.#functions.length === 0 ? undefined : this.#chance.of(this.#functions)
    if (label === undefined || nesting === 0) {
      this.#code.emit(0x36)
      this.#depth += 1
      return
    }
    const back = this.#code.label()
    this.#expression(nesting + 1)
    this.#code.pushLabel(back)
    this.#code.pushLabel(label)
    this.#code.emit(0x56)
    this.#code.mark(back)
  }

  #store(opcode: number): void {
    this.#expression(0)
    if (this.#chance.oneIn(4)) {
      // A place that only the running contract knows.
      this.#expression(2)
      this.#code.push(0x7fn)
      this.#code.emit(0x16)
    } else {
      this.#small(MEMORY)
    }
    this.#code.emit(opcode)
    this.#depth -= 2
  }

  #storage(): void {
    this.#expression(0)
    this.#small(4)
    this.#code.emit(0x55)
    this.#depth -= 2
  }

  #copy(): void {
    const opcode = this.#chance.of([0x37, 0x39, 0x3c, 0x3e])
    // Of return data, no more than there is, most of the time.
    if (opcode === 0x3e && !this.#chance.oneIn(8)) this.#code.emit(0x3d)
    else this.#code.push(BigInt(this.#chance.below(80)))
    this.#code.push(opcode === 0x3e ? 0n : BigInt(this.#chance.below(80)))
    this.#code.push(BigInt(this.#chance.below(MEMORY)))
    if (opcode === 0x3c) this.#code.push(this.#chance.of(this.#targets))
    this.#code.emit(opcode)
  }

  #log(): void {
    const topics = this.#chance.below(5)
    for (let i = 0; i < topics; i++) this.#expression(2)
    this.#code.push(BigInt(this.#chance.below(70)))
    this.#code.push(BigInt(this.#chance.below(MEMORY)))
    this.#code.emit(0xa0 + topics)
    this.#depth -= topics
  }

  #call(): void {
    const opcode = this.#chance.of([0xf1, 0xf1, 0xf2, 0xf4, 0xfa])
    const code = this.#code
    for (const limit of [70, MEMORY, 70, MEMORY]) code.push(BigInt(this.#chance.below(limit)))
    if (opcode === 0xf1 || opcode === 0xf2) code.push(this.#chance.oneIn(4) ? 1n : 0n)
    code.push(this.#chance.of(this.#targets))
    if (this.#chance.oneIn(4)) code.push(BigInt(this.#chance.below(30_000)))
    else code.emit(0x5a)
    code.emit(opcode)
    this.#keep()
  }

  #create(): void {
    const isSecond = this.#chance.oneIn(2)
    const code = this.#code
    code.push(this.#chance.of(INIT_CODES))
    code.push(0n)
    code.emit(0x52)
    if (isSecond) code.push(BigInt(this.#chance.below(3)))
    code.push(BigInt(this.#chance.of([0, 5, 20, 32])))
    code.push(0n)
    code.push(this.#chance.oneIn(4) ? 1n : 0n)
    code.emit(isSecond ? 0xf5 : 0xf0)
    this.#keep()
  }

  /** What a call has answered goes to memory or storage, or nowhere. */
  #keep(): void {
    const where = this.#chance.of([0x50, 0x52, 0x55])
    if (where !== 0x50) this.#code.push(BigInt(this.#chance.below(4)))
    this.#code.emit(where)
  }

  #branch(nesting: number): void {
    if (nesting > 1) return this.#discard()
    const end = this.#code.label()
    this.#expression(0)
    this.#code.pushLabel(end)
    this.#code.emit(0x57)
    this.#depth -= 1
    this.#statements(1 + this.#chance.below(3), nesting + 1)
    this.#code.mark(end)
  }

  /** Counts down on the stack. */
  #loop(nesting: number): void {
    if (nesting > 0) return this.#discard()
    const code = this.#code
    const top = code.label()
    code.push(BigInt(1 + this.#chance.below(6)))
    this.#depth += 1
    code.mark(top)
    this.#statements(1 + this.#chance.below(3), 1)
    code.push(1n)
    code.emit(0x90, 0x03, 0x80)
    code.pushLabel(top)
    code.emit(0x57, 0x50)
    this.#depth -= 1
  }

  #discard(): void {
    this.#expression(0)
    this.#code.emit(0x50)
    this.#depth -= 1
  }

  /** Seldom, something that fails or that no compiler writes. */
  #oddity(): void {
    if (!this.#chance.oneIn(6)) return
    this.#chance.of([
      () => this.#code.emit(this.#chance.below(256)),
      () => this.#code.emit(0x50, 0x50, 0x50),
      () => this.#code.emit(0x60, this.#chance.below(256), 0x56),
      () => this.#code.emit(0x61, 0xff, 0xff, 0x51, 0x50),
      () => this.#code.emit(...Array.from({ length: 300 }, () => 0x5a)),
    ])()
  }

  #end(): void {
    const opcode = this.#chance.of([0x00, 0xf3, 0xf3, 0xf3, 0xfd, 0xfe, 0xff])
    if (opcode === 0xf3 || opcode === 0xfd) {
      this.#code.push(BigInt(this.#chance.of([0, 32, 100])))
      this.#code.push(BigInt(this.#chance.below(MEMORY)))
    }
    if (opcode === 0xff) this.#code.push(this.#chance.of(this.#targets))
    this.#code.emit(opcode)
  }
}

/** Code of each contract. `targets`: whom they call. */
export function randomContracts(
  seed: number,
  count: number,
  targets: readonly bigint[],
): readonly Uint8Array[] {
  const chance = new Chance(seed)
  return Array.from({ length: count }, () => new Writer(chance, targets).contract())
}
