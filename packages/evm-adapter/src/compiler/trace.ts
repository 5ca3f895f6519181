/**
 * A trace: the way that a hot piece of a contract takes, from one segment to the next, written as one JavaScript function.
 * Jumps whose target is known are followed, of two ways the one that was taken more often; the other leaves the trace.
 * Return addresses are pushed and popped inside a trace, so that most jumps of Solidity are known.
 * @module
 */
import { EXP_BYTE, HASH_WORD, wordsOf } from '../interpreter/gas.ts'
import type { EffectOpcode, Opcode } from '../interpreter/opcode.ts'
import type { BasicBlock, Instruction, Program, Segment } from '../interpreter/program.ts'
import { exp, significantBytes, type Word } from '../interpreter/words.ts'
import { callOf, computed, constantsOf, tested } from './arithmetic.ts'
import { KnownMemory } from './known-memory.ts'
import {
  callDataValue,
  constantValue,
  numberValue,
  shortWordValue,
  type Value,
  wordValue,
} from './value.ts'
import { place, VirtualStack } from './virtual-stack.ts'
import { Writer } from './writer.ts'

const STACK_MAX = 1024
/** Beyond this, V8 would no longer optimise the function. */
const LENGTH_MAX = 24_000
const INSTRUCTIONS_MAX = 1500
const CHARACTERS_OF_INSTRUCTION = 10
/** How often a trace may pass the same segment: for small functions that are called from several places. */
const VISITS_MAX = 3
/** No memory of a frame is larger. */
const MEMORY_MAX = 2 ** 33
const WORD = 32

/** Messages up to this many bytes are compared word by word. */
const HASHED_MAX = 128
const ADDRESS_BITS = 160
const STOP_IF_ENDED = 'if (F.status !== undefined) return'

const ADDRESSES: ReadonlySet<string> = new Set(['address', 'caller', 'origin'])
const SIZES: ReadonlySet<string> = new Set(['calldatasize', 'codesize'])
const WRITES_MEMORY: ReadonlySet<string> = new Set([
  'mstore8',
  'calldatacopy',
  'codecopy',
  'extcodecopy',
  'returndatacopy',
])

const ENDED = undefined

export class Trace {
  readonly #program: Program
  readonly #head: Segment
  readonly #writer = new Writer()
  readonly #stack = new VirtualStack(this.#writer)
  readonly #memory = new KnownMemory()
  readonly #reads = new Map<string, Value>()
  readonly #visits = new Map<Segment, number>()
  #instructions = 0
  #loops = false
  /** What is certain of the depth at the beginning, and of the size of the memory. */
  #depthMin = 0
  #depthMax = STACK_MAX
  #memoryMin = 0

  constructor(program: Program, head: Segment) {
    this.#program = program
    this.#head = head
  }

  /** What writing it costs, in characters: those it consists of, and the work for those it could do without. */
  get cost(): number {
    return this.#writer.length + CHARACTERS_OF_INSTRUCTION * this.#instructions
  }

  /** JavaScript of the function. Its argument is the frame `F`; it runs until it leaves the trace. */
  source(): string {
    for (let at: Segment | undefined = this.#head; at !== ENDED;) at = this.#follow(at)
    const body = `let r\n${this.#writer.toString()}`
    return [
      'const S = F.stack, M = F.memory',
      'let d = F.depth',
      this.#loops ? `for (;;) {\n${body}\n}` : body,
    ].join('\n')
  }

  /** Writes a segment, and gives the next one on the way. */
  #follow(segment: Segment): Segment | undefined {
    const visits = this.#visits.get(segment) ?? 0
    if (segment === this.#head && visits > 0) return this.#repeat()
    this.#instructions += segment.instructions.length
    const isFull = this.#writer.length > LENGTH_MAX || this.#instructions > INSTRUCTIONS_MAX
    if (visits >= VISITS_MAX || (isFull && segment !== this.#head)) return this.#leave(segment)
    this.#visits.set(segment, visits + 1)
    if (segment.block !== undefined) this.#enter(segment.block)
    return this.#instructionsOf(segment)
  }

  /** Back at the beginning: a loop. */
  #repeat(): undefined {
    this.#loops = true
    const { change } = this.#stack
    this.#stack.flush()
    if (change !== 0) this.#writer.write(`d += ${change}`)
    this.#writer.write('continue')
    return ENDED
  }

  /** The checks of a basic block; what earlier ones have proven is not asked again. */
  #enter({ gas, stackNeeded, stackGrowth }: BasicBlock): void {
    if (gas > 0) this.#writer.write(`if ((F.gas -= ${gas}) < 0) return F.stop("outOfGas")`)
    const { change } = this.#stack
    const needed = stackNeeded - change
    const most = STACK_MAX - stackGrowth - change
    if (needed > this.#depthMin) {
      this.#writer.write(`if (d < ${needed}) return F.stop("stackUnderflow")`)
      this.#depthMin = needed
    }
    if (most < this.#depthMax) {
      this.#writer.write(`if (d > ${most}) return F.stop("stackOverflow")`)
      this.#depthMax = most
    }
  }

  #instructionsOf(segment: Segment): Segment | undefined {
    for (const instruction of segment.instructions) {
      const { opcode } = instruction
      switch (opcode.kind) {
        case 'jump':
          return this.#jump(this.#stack.pop())
        case 'jumpi':
          return this.#jumpIf(segment)
        case 'call':
          return this.#call(segment, instruction)
        case 'end':
          return this.#end(opcode)
        default:
          this.#plain(opcode, instruction)
      }
    }
    return this.#after(segment)
  }

  /** An instruction that stays in the segment. */
  #plain(opcode: Opcode, instruction: Instruction): void {
    switch (opcode.kind) {
      case 'push':
        if (opcode.pushes > 0) this.#stack.push(constantValue(instruction.value))
        return
      case 'dup':
        return this.#stack.push(this.#stack.peek(opcode.depth))
      case 'swap':
        return this.#stack.swap(opcode.depth)
      case 'drop':
        return void this.#stack.pop()
      case 'pure':
        return this.#stack.push(computed(this.#writer, opcode, this.#operands(opcode)))
      case 'test':
        return this.#stack.push(tested(this.#writer, opcode, this.#operands(opcode)))
      case 'read':
        return this.#stack.push(this.#read(opcode.name, this.#operands(opcode)))
      case 'effect':
        return this.#effect(opcode, instruction)
      default:
    }
  }

  #operands({ pops }: { readonly pops: number }): Value[] {
    return Array.from({ length: pops }, () => this.#stack.pop())
  }

  /** Read once: it stays the same. */
  #read(name: string, operands: readonly Value[]): Value {
    const [at] = operands
    const express = (): string =>
      `${name}(${['F', ...operands.map((one) => this.#writer.word(one))].join(', ')})`
    if (at !== undefined && typeof at.constant !== 'number') return wordValue(express)
    const key = `${name} ${String(at?.constant)}`
    const known = this.#reads.get(key) ?? readValue(name, at?.constant, express)
    this.#reads.set(key, known)
    return known
  }

  #effect(opcode: EffectOpcode, instruction: Instruction): void {
    const operands = this.#operands(opcode)
    switch (opcode.name) {
      case 'mload':
        return this.#stack.push(this.#load(operands[0]!))
      case 'mstore':
        return this.#store(operands[0]!, operands[1]!)
      case 'sha3':
        return this.#stack.push(this.#hash(operands[0]!, operands[1]!))
      case 'exp':
        return this.#stack.push(this.#power(operands[0]!, operands[1]!))
      default:
    }
    const words = operands.map((one) => this.#writer.word(one))
    if (opcode.seesGas) this.#writer.write(`F.paidAhead = ${instruction.paidAhead}`)
    const call = `${opcode.name}(${['F', ...words].join(', ')})`
    if (opcode.pushes === 0) this.#writer.write(call)
    else this.#stack.push(this.#writer.now(wordValue(() => call)))
    if (opcode.isFallible) this.#writer.write(STOP_IF_ENDED)
    if (WRITES_MEMORY.has(opcode.name)) this.#memory.forgetAll()
  }

  #load(offset: Value): Value {
    const at = this.#expanded(offset)
    const known =
      typeof offset.constant === 'number' ? this.#memory.word(offset.constant) : undefined
    if (known !== undefined) return known
    const value = this.#writer.now(wordValue(() => `M.loadWord(${at})`))
    if (typeof offset.constant === 'number') this.#memory.store(offset.constant, value)
    return value
  }

  #store(offset: Value, value: Value): void {
    const word = this.#writer.word(value)
    const at = this.#expanded(offset)
    if (typeof offset.constant === 'number') {
      if (this.#memory.holds(offset.constant, value)) return
      this.#memory.store(offset.constant, value)
    } else {
      this.#memory.forgetAll()
    }
    this.#writer.write(`M.storeWord(${at}, ${word})`)
  }

  /** Solidity hashes the key of a mapping for the reading, and again for the writing. */
  #hash(offset: Value, size: Value): Value {
    const [at, length] = [offset.constant, size.constant]
    const isPlace = typeof at === 'number' && typeof length === 'number' && length <= HASHED_MAX
    const parts = isPlace ? this.#memory.words(at, length) : undefined
    const known = parts === undefined ? undefined : this.#memory.hashOf(parts)
    if (known !== undefined) {
      const price = HASH_WORD * wordsOf(Number(length))
      if (price > 0) this.#writer.write(`if (!F.charge(${price})) return`)
      return known
    }
    const words = `${this.#writer.word(offset)}, ${this.#writer.word(size)}`
    const hash = this.#writer.now(wordValue(() => `sha3(F, ${words})`))
    this.#writer.write(STOP_IF_ENDED)
    if (parts !== undefined) this.#memory.keepHash(parts, hash)
    return hash
  }

  /** Makes room for a word, and gives the text of its place. */
  #expanded(offset: Value): string {
    const at = this.#writer.word(offset)
    if (typeof offset.constant === 'number') {
      const end = offset.constant + WORD
      if (end > this.#memoryMin) {
        this.#writer.write(`if (${end} > M.size && !F.expand(${at}, ${WORD})) return`)
        this.#memoryMin = Math.max(this.#memoryMin, Math.min(end, MEMORY_MAX))
      }
      return at
    }
    const doubt = offset.shape === 'word' ? `typeof ${at} !== "number" || ` : ''
    this.#writer.write(
      `if ((${doubt}${at} + ${WORD} > M.size) && !F.expand(${at}, ${WORD})) return`,
    )
    if (offset.shape === 'word' && offset.constant === undefined) {
      // Otherwise the frame would have ended.
      offset.shape = 'number'
      offset.max = MEMORY_MAX
    }
    return at
  }

  #power(base: Value, exponent: Value): Value {
    const { constant } = exponent
    if (constant === undefined) {
      const call = `exp(F, ${this.#writer.word(base)}, ${this.#writer.word(exponent)})`
      const power = this.#writer.now(wordValue(() => call))
      this.#writer.write(STOP_IF_ENDED)
      return power
    }
    const price = EXP_BYTE * significantBytes(constant)
    if (price > 0) this.#writer.write(`if (!F.charge(${price})) return`)
    const constants = constantsOf([base])
    if (constants !== undefined) return constantValue(exp(constants[0]!, constant))
    return wordValue(() => callOf(this.#writer, 'power', [base, exponent]))
  }

  #jump(target: Value): Segment | undefined {
    const known = this.#targetOf(target)
    if (known !== undefined) return known
    this.#jumpAway(target)
    return ENDED
  }

  /** The segment at a constant target, `undefined` when the target is not constant or is none. */
  #targetOf({ constant }: Value): Segment | undefined {
    if (typeof constant !== 'number') return undefined
    return this.#program.segments[this.#program.target(constant)]
  }

  #after(segment: Segment): Segment {
    return this.#program.segments[this.#program.after(segment)]!
  }

  #jumpAway(target: Value): void {
    const word = this.#writer.word(target)
    this.#stack.flush()
    this.#writer.write(`F.depth = ${place(this.#stack.change)}`)
    this.#writer.write(`return jumpTo(F, ${word})`)
  }

  #jumpIf(segment: Segment): Segment | undefined {
    const target = this.#stack.pop()
    const condition = this.#stack.pop()
    const onward = this.#after(segment)
    if (condition.constant !== undefined) {
      return condition.constant === 0 ? onward : this.#jump(target)
    }
    const known = this.#targetOf(target)
    const text = this.#writer.condition(condition)
    if (known === undefined) {
      this.#writer.block(`if (${text})`, () => this.#jumpAway(target))
      return onward
    }
    if (isLikelier(known, onward)) {
      this.#writer.block(`if (!(${text}))`, () => this.#leave(onward))
      return known
    }
    this.#writer.block(`if (${text})`, () => this.#leave(known))
    return onward
  }

  #leave(next: Segment): undefined {
    this.#stack.flush()
    this.#writer.write(`F.depth = ${place(this.#stack.change)}`)
    this.#writer.write(`F.segment = ${next.index}`)
    this.#writer.write('return')
    return ENDED
  }

  /** A call takes its operands from the stack, and ends this turn of the frame. */
  #call(segment: Segment, { opcode, paidAhead }: Instruction): undefined {
    this.#stack.flush()
    this.#writer.write(`F.depth = ${place(this.#stack.change)}`)
    this.#writer.write(`F.segment = ${this.#after(segment).index}`)
    this.#writer.write(`F.paidAhead = ${paidAhead}`)
    this.#writer.write(`return ${opcode.name}(F)`)
    return ENDED
  }

  /** Nobody looks at the stack of a frame that has ended: only the operands are put there. */
  #end(opcode: Opcode): undefined {
    const words = this.#operands(opcode).map((one) => this.#writer.word(one))
    for (const [index, word] of words.entries()) {
      this.#writer.write(`S[${words.length - 1 - index}] = ${word}`)
    }
    this.#writer.write(`F.depth = ${words.length}`)
    this.#writer.write(`return ${opcode.name}(F)`)
    return ENDED
  }
}

function readValue(name: string, at: Word | undefined, express: () => string): Value {
  if (typeof at === 'number') return callDataValue(at, express)
  if (ADDRESSES.has(name)) return shortWordValue(ADDRESS_BITS, express)
  return SIZES.has(name) ? numberValue(MEMORY_MAX, express) : wordValue(express)
}

/** Whether of two ways the first was taken more often. */
function isLikelier(one: Segment, other: Segment): boolean {
  const [a, b] = [visitsOf(one), visitsOf(other)]
  return a === b ? isDeadEnd(other) : a > b
}

function visitsOf({ heat, compiled, instructions }: Segment): number {
  return compiled === undefined ? heat / Math.max(1, instructions.length) : Infinity
}

function isDeadEnd({ instructions }: Segment): boolean {
  const last = instructions.at(-1)?.opcode
  return last?.name === 'revert' || last?.name === 'invalid'
}
