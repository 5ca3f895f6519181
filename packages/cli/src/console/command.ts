/**
 * A command of the console is data: how it is called, what it is for, and what it does.
 * @module
 */
import type { Arguments } from './arguments.ts'
import type { Output } from './output.ts'
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

/** What may stand in a place; the form is checked, and completion knows what to offer. */
export type ParameterKind =
  | 'text'
  | 'number'
  | 'amount'
  | 'boolean'
  | 'hash'
  | 'address'
  | 'deployed'
  | 'nodeId'
  | 'group'
  | 'endpoint'
  | 'contract'
  | 'function'
  | 'account'
  | 'table'
  | 'configKey'
  | 'command'
  | 'file'

export interface Parameter {
  readonly name: string
  readonly kind: ParameterKind
  readonly help: string
  readonly isOptional?: true
  /** Takes all words that are left. */
  readonly isRest?: true
}

export interface ConsoleCommand {
  readonly name: string
  /** Other spellings, such as those of earlier releases of 2.x. */
  readonly aliases?: readonly string[]
  readonly theme: Theme
  /** What it is for, in a line. */
  readonly summary: string
  readonly parameters: readonly Parameter[]
  /** What else a user should know. */
  readonly details?: string
  /** A whole line that works, given the things that it names. */
  readonly example: string
  /** Whether the arguments are not words but the text behind the name, as in SQL. */
  readonly isText?: true
  run(session: Session, args: Arguments): Promise<Output>
}

/** How a command is called: `call contract address function [arguments...]`. */
export function usageOf({ name, parameters }: ConsoleCommand): string {
  const shown = parameters.map((parameter) => {
    const rest = parameter.isRest === true ? `${parameter.name}...` : parameter.name
    return parameter.isOptional === true ? `[${rest}]` : rest
  })
  return [name, ...shown].join(' ')
}
