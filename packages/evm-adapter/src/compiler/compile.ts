import { assert } from '@bcos-ts/common'
import type { Frame } from '../interpreter/frame.ts'
import type { Opcode, OpcodeTable } from '../interpreter/opcodes.ts'
import { calldataHead } from '../interpreter/operations/data.ts'
import { jumpTo } from '../interpreter/operations/flow.ts'
import type { Program, Segment } from '../interpreter/program.ts'
import { exp, lowInt32, truncate } from '../interpreter/words.ts'
import { Trace } from './trace.ts'

export type Compile = (program: Program, segment: Segment) => void

/** What compiled code calls, by the names it uses. */
type Runtime = Readonly<Record<string, unknown>>

/** The characters of JavaScript that a byte of code may become. */
export const CHARACTERS_OF_BYTE = 60

const CALLED = /\b[a-z]\w*(?=\()/gi

/** A compiler of hot segments; `undefined` where the platform allows no code to be made, as some pages do. */
export function createCompiler(opcodes: OpcodeTable): Compile | undefined {
  if (!allowsNewCode()) return undefined
  const runtime = runtimeOf(opcodes)
  return (program, segment) => {
    if (program.compileBudget <= 0) return
    const trace = new Trace(program, segment)
    const source = trace.source()
    program.spend(trace.cost)
    const called = new Set(source.match(CALLED))
    const names = [...called].filter((name) => name in runtime)
    const prologue = `const { ${names.join(', ')} } = R`
    segment.compiled = build(`${prologue}\nreturn (F) => {\n${source}\n}`, runtime)
  }
}

function allowsNewCode(): boolean {
  try {
    return build('return () => {}', {}) !== undefined
  } catch {
    return false
  }
}

/** The text consists of names from the table of opcodes, of numbers, and of nothing that a contract could choose. */
function build(text: string, runtime: Runtime): (frame: Frame) => void {
  // oxlint-disable-next-line typescript/no-implied-eval, no-new-func -- this is what a compiler does
  const make: unknown = new Function('R', `"use strict"\n${text}`)
  assert(isMaker(make), 'a function was made')
  return make(runtime)
}

type Maker = (runtime: Runtime) => (frame: Frame) => void

function isMaker(made: unknown): made is Maker {
  return typeof made === 'function'
}

function runtimeOf(opcodes: OpcodeTable): Runtime {
  const runtime: Record<string, unknown> = { calldataHead, jumpTo, lowInt32, truncate, power: exp }
  for (const opcode of opcodes) {
    const worker = workerOf(opcode)
    if (worker !== undefined) runtime[opcode.name] = worker
  }
  return runtime
}

function workerOf(opcode: Opcode): unknown {
  switch (opcode.kind) {
    case 'pure':
      return opcode.compute
    case 'test':
      return opcode.test
    case 'read':
      return opcode.read
    case 'effect':
      return opcode.effect
    case 'call':
    case 'end':
      return opcode.run
    default:
      return undefined
  }
}
