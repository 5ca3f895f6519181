import type { Program } from './program.ts'

/** What a byte of code costs in memory once it is prepared, compiled code included: measured, rounded up. */
const BYTES_OF_BYTE = 200

/** Prepared code by code hash, least recently used first, up to so many bytes of memory. */
export class ProgramCache {
  readonly #programs = new Map<string, Program>()
  readonly #bytesMax: number
  #bytes = 0

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax
  }

  get(hash: string): Program | undefined {
    const program = this.#programs.get(hash)
    if (program === undefined) return undefined
    this.#programs.delete(hash)
    this.#programs.set(hash, program)
    return program
  }

  set(hash: string, program: Program): void {
    this.#programs.set(hash, program)
    this.#bytes += sizeOf(program)
    for (const [oldest, forgotten] of this.#programs) {
      if (this.#bytes <= this.#bytesMax) return
      this.#programs.delete(oldest)
      this.#bytes -= sizeOf(forgotten)
    }
  }
}

function sizeOf(program: Program): number {
  return BYTES_OF_BYTE * program.code.length
}
