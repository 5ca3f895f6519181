import type { Value } from './value.ts'

/** Writes JavaScript statements, and gives each value that is used a variable. */
export class Writer {
  readonly #lines: string[] = []
  #named: Value[] = []
  #count = 0
  /** Characters written. */
  length = 0

  write(line: string): void {
    this.#lines.push(line)
    this.length += line.length
  }

  /** Text that stands for the value in its shape. */
  use(value: Value): string {
    if (value.constant !== undefined) return value.express()
    if (value.name !== undefined) return value.name
    const expression = value.express()
    this.#count += 1
    value.name = `t${this.#count}`
    this.#named.push(value)
    this.write(`const ${value.name} = ${expression}`)
    return value.name
  }

  /** Text that stands for the value as a word. */
  word(value: Value): string {
    const text = this.use(value)
    return value.shape === 'test' ? `(${text} ? 1 : 0)` : text
  }

  /** A condition: whether the value is other than 0. */
  condition(value: Value): string {
    const text = this.use(value)
    return value.shape === 'test' ? text : `${text} !== 0`
  }

  /** Computes the value here and now, because it reads what the next instruction may change. */
  now(value: Value): Value {
    this.use(value)
    return value
  }

  /** A block with variables of its own. */
  block(head: string, body: () => void): void {
    const outer = this.#named
    this.#named = []
    this.write(`${head} {`)
    body()
    this.write('}')
    for (const value of this.#named) value.name = undefined
    this.#named = outer
  }

  toString(): string {
    return this.#lines.join('\n')
  }
}
