/**
 * What is written behind the name of a command.
 * @module
 */

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

/** How a command is called. */
export interface CallForm {
  readonly name: string
  readonly parameters: readonly Parameter[]
  /** Whether the arguments are not words but the text behind the name, as in SQL. */
  readonly isText?: true
}

/** How a command is called: `call contract address function [arguments...]`. */
export function usageOf({ name, parameters }: CallForm): string {
  const shown = parameters.map((parameter) => {
    const rest = parameter.isRest === true ? `${parameter.name}...` : parameter.name
    return parameter.isOptional === true ? `[${rest}]` : rest
  })
  return [name, ...shown].join(' ')
}
