import { assert } from '@bcos-ts/common'
import { ArgumentError } from './errors.ts'
import { formOf } from './forms.ts'
import { splitWords, type Word } from './line.ts'
import { type CallForm, type Parameter, usageOf } from './parameter.ts'

/** The arguments of a command, by the names of its parameters, in the forms that those have. */
export class Arguments {
  /** The whole command, as it was typed. */
  readonly text: string
  readonly #values: ReadonlyMap<string, string>
  readonly #rest: readonly Word[]

  private constructor(text: string, values: ReadonlyMap<string, string>, rest: readonly Word[]) {
    this.text = text
    this.#values = values
    this.#rest = rest
  }

  /** Fits what stands behind a command's name to its parameters. Throws `CONSOLE_ARGUMENT` or `CONSOLE_LINE_SYNTAX`. */
  static of(command: CallForm, text: string): Arguments {
    if (command.isText === true) return new Arguments(text, new Map(), [])
    const words = splitWords(text).slice(1)
    const values = new Map<string, string>()
    let at = 0
    for (const parameter of command.parameters) {
      if (parameter.isRest === true) break
      const word = words[at]
      const isSkipped = parameter.isOptional === true && !isMeant(parameter, word)
      if (isSkipped) continue
      values.set(parameter.name, read(command, parameter, word))
      at += 1
    }
    const rest = words.slice(at)
    checkRest(command, rest)
    return new Arguments(text, values, rest)
  }

  /** An argument that is always there. */
  get(name: string): string {
    const value = this.#values.get(name)
    assert(value !== undefined, `the parameter ${name} is required`)
    return value
  }

  optional(name: string): string | undefined {
    return this.#values.get(name)
  }

  number(name: string): number {
    return Number(this.get(name))
  }

  optionalNumber(name: string, otherwise: number): number {
    return Number(this.#values.get(name) ?? otherwise)
  }

  flag(name: string): boolean {
    return this.#values.get(name) === 'true'
  }

  /** The words of the last parameter. */
  get rest(): readonly Word[] {
    return this.#rest
  }
}

/** Optional nodes stand before what is required, and are told from it by their form. */
function isMeant(parameter: Parameter, word: Word | undefined): word is Word {
  if (word === undefined) return false
  return parameter.kind !== 'endpoint' || formOf('endpoint').read(word.text) !== undefined
}

function read(command: CallForm, parameter: Parameter, word: Word | undefined): string {
  const { name, kind } = parameter
  if (word === undefined) {
    throw new ArgumentError(command.name, name, `${name} is missing; ${usage(command)}`)
  }
  const form = formOf(kind)
  const value = form.read(word.text)
  if (value !== undefined) return value
  throw new ArgumentError(
    command.name,
    name,
    `${name} is ${JSON.stringify(shorten(word.text))}, and ${form.expected} is expected; ${usage(command)}`,
  )
}

function checkRest(command: CallForm, rest: readonly Word[]): void {
  const last = command.parameters.at(-1)
  const [first] = rest
  if (last?.isRest !== true) {
    if (first === undefined) return
    const reason = `${JSON.stringify(shorten(first.text))} is too much; ${usage(command)}`
    throw new ArgumentError(command.name, '', reason)
  }
  if (first === undefined && last.isOptional !== true) read(command, last, undefined)
  for (const word of rest) read(command, last, word)
}

const SHOWN_MAX = 80

function shorten(text: string): string {
  return text.length <= SHOWN_MAX ? text : `${text.slice(0, SHOWN_MAX)}…`
}

function usage(command: CallForm): string {
  return `usage: ${usageOf(command)}`
}
