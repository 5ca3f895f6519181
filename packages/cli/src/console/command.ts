/**
 * A command of the console is data: how it is called, what it is for, and what it does.
 * @module
 */
import type { Arguments } from './arguments.ts'
import type { Output } from './output.ts'
import type { CallForm } from './parameter.ts'
import type { Session } from './session.ts'

/** Themes, in the order in which the help shows them. */
export const THEMES = [
  'console',
  'accounts',
  'contracts',
  'tables (SQL)',
  'chain',
  'blocks and transactions',
  'nodes',
  'system configuration',
  'permissions',
  'status of contracts and accounts',
  'committee',
  'gas',
  'groups',
  'messages and events',
] as const

export type Theme = (typeof THEMES)[number]

export interface ConsoleCommand extends CallForm {
  /** Other spellings, such as those of earlier releases of 2.x. */
  readonly aliases?: readonly string[]
  readonly theme: Theme
  /** What it is for, in a line. */
  readonly summary: string
  /** What else a user should know. */
  readonly details?: string
  /** A whole line that works, given the things that it names. */
  readonly example: string
  run(session: Session, args: Arguments): Promise<Output>
}
