import { InvariantViolation, isBcosError, messageOf } from '@bcos-ts/common'
import { systemCodeOf } from './files.ts'
import type { Terminal } from './terminal.ts'
import { visible } from './visible.ts'

const CAUSES_MAX = 16

/**
 * One line for whatever went wrong, with its code. `isVerbose` adds what it came from, and for faults of our own
 * where they arose.
 */
export function reportError(terminal: Terminal, error: unknown, isVerbose: boolean): void {
  const { red, dim } = terminal.errorColors
  const code = isBcosError(error) ? error.code : systemCodeOf(error)
  const isOurFault = code === undefined || error instanceof InvariantViolation
  const what = isOurFault ? 'internal error' : 'error'
  const shown = code === undefined ? '' : dim(` (${code})`)
  // Nodes and contracts have a say in what errors tell.
  terminal.say(`${red(what)}: ${visible(messageOf(error))}${shown}`)
  if (!isVerbose) {
    const hasMore = isOurFault || causesOf(error).length > 0
    if (hasMore) terminal.say(dim('--verbose tells more'))
    return
  }
  for (const cause of causesOf(error)) terminal.say(`  because: ${visible(describe(cause))}`)
  if (isOurFault && error instanceof Error && error.stack !== undefined) terminal.say(error.stack)
}

function causesOf(error: unknown): readonly unknown[] {
  const causes: unknown[] = []
  let current = error
  while (current instanceof Error && current.cause !== undefined && causes.length < CAUSES_MAX) {
    current = current.cause
    causes.push(current)
  }
  return causes
}

function describe(error: unknown): string {
  const code = isBcosError(error) ? error.code : systemCodeOf(error)
  return code === undefined ? messageOf(error) : `${messageOf(error)} (${code})`
}
