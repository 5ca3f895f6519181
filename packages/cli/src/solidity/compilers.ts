/**
 * The Solidity compilers on board, loaded when they are needed: each is some megabytes of code.
 * @module
 */
import { createRequire } from 'node:module'

interface SolcModule {
  compile(input: string): string
  /** Of releases before 0.5, whose `compile` has another meaning. */
  compileStandardWrapper?(input: string): string
}

export interface CompilerChoice {
  readonly version: string
  /** Name under which the package is installed. */
  readonly packageName: string
  /** The newest instructions that this compiler makes and every chain runs. */
  readonly evmVersion: string
}

/** Newest first: of several that a source accepts, the newest is taken. */
export const COMPILERS: readonly CompilerChoice[] = [
  { version: '0.6.10', packageName: 'solc', evmVersion: 'istanbul' },
  { version: '0.5.2', packageName: 'solc-0.5', evmVersion: 'byzantium' },
  { version: '0.4.25', packageName: 'solc-0.4', evmVersion: 'byzantium' },
]

/** A compiler as a function from standard JSON to standard JSON. */
export function loadCompiler({ packageName }: CompilerChoice): (input: string) => string {
  const solc = withoutTraces((): SolcModule => createRequire(import.meta.url)(packageName))
  return (input) => solc.compileStandardWrapper?.(input) ?? solc.compile(input)
}

/** Compilers leave handlers on the process and make V8 warn of their asm.js: neither is of use here. */
function withoutTraces<T>(load: () => T): T {
  const exceptions = process.listeners('uncaughtException')
  const rejections = process.listeners('unhandledRejection')
  const emitWarning = process.emitWarning.bind(process)
  process.emitWarning = () => {}
  try {
    return load()
  } finally {
    process.emitWarning = emitWarning
    for (const listener of process.listeners('uncaughtException')) {
      if (!exceptions.includes(listener)) process.removeListener('uncaughtException', listener)
    }
    for (const listener of process.listeners('unhandledRejection')) {
      if (!rejections.includes(listener)) process.removeListener('unhandledRejection', listener)
    }
  }
}
