import type { Frame } from './frame.ts'
import type { BasicBlock, Segment } from './program.ts'

const STACK_MAX = 1024

/** Out of gas, underflow, overflow: in this order, before anything of the block runs. */
function enterBlock(frame: Frame, block: BasicBlock): boolean {
  if (!frame.charge(block.gas)) return false
  if (frame.depth < block.stackNeeded) frame.stop('stackUnderflow')
  else if (frame.depth + block.stackGrowth > STACK_MAX) frame.stop('stackOverflow')
  return frame.status === undefined
}

/** Runs the instructions of a segment one by one. */
export function interpret(frame: Frame, segment: Segment): void {
  const { instructions, block } = segment
  if (block !== undefined && !enterBlock(frame, block)) return
  frame.segment = frame.program.after(segment)
  for (let i = 0; i < instructions.length; i++) {
    const instruction = instructions[i]!
    frame.paidAhead = instruction.paidAhead
    instruction.opcode.run(frame, instruction)
    if (frame.status !== undefined) return
  }
  const { compile, compileAfter } = frame.environment
  if (compile === undefined) return
  segment.heat += instructions.length
  if (segment.heat > compileAfter) {
    segment.heat = 0
    compile(frame.program, segment)
  }
}
