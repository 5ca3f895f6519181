import { slotValue, type Value } from './value.ts'
import type { Writer } from './writer.ts'

/**
 * The stack while a trace is written: what is on top of it is known as values, the rest is still where it was when the trace
 * began. `S` is the frame's stack there, `d` its depth.
 */
export class VirtualStack {
  readonly #writer: Writer
  readonly #slots: Value[] = []
  readonly #values: Value[] = []
  /** Of the values below, how many have been taken. */
  #taken = 0

  constructor(writer: Writer) {
    this.#writer = writer
  }

  /** Depth now, less the depth when the trace began. */
  get change(): number {
    return this.#values.length - this.#taken
  }

  push(value: Value): void {
    this.#values.push(value)
  }

  pop(): Value {
    return this.#values.pop() ?? this.#slot(this.#taken++)
  }

  /** The value `depth` places below the top; 1 is the top itself. */
  peek(depth: number): Value {
    this.#reach(depth)
    return this.#values[this.#values.length - depth]!
  }

  swap(depth: number): void {
    this.#reach(depth + 1)
    const top = this.#values.length - 1
    const other = this.#values[top - depth]!
    this.#values[top - depth] = this.#values[top]!
    this.#values[top] = other
  }

  /** Writes everything where the interpreter and the next trace look for it; afterwards only the trace's end may follow. */
  flush(): void {
    const bottom = -this.#taken
    const stores: string[] = []
    for (const [index, value] of this.#values.entries()) {
      const at = bottom + index
      // Never moved.
      if (value.slot !== undefined && -1 - value.slot === at) continue
      stores.push(`S[${place(at)}] = ${this.#writer.word(value)}`)
    }
    // All are read before the first is overwritten.
    for (const store of stores) this.#writer.write(store)
  }

  /** Makes the `depth` values on top known. */
  #reach(depth: number): void {
    while (this.#values.length < depth) this.#values.unshift(this.#slot(this.#taken++))
  }

  #slot(index: number): Value {
    this.#slots[index] ??= slotValue(index, () => `S[${place(-1 - index)}]`)
    return this.#slots[index]
  }
}

/** An index of the stack, counted from its depth. */
export function place(change: number): string {
  if (change === 0) return 'd'
  return change < 0 ? `d - ${-change}` : `d + ${change}`
}
