/**
 * The forms that arguments have, each with the words for a user who missed it.
 * @module
 */
import type { ParameterKind } from './parameter.ts'

interface Form {
  /** Completes "… is expected". */
  readonly expected: string
  /** The argument as the command gets it, or `undefined` for one of another form. */
  read(text: string): string | undefined
}

/** A text of the same shape, made to look the same: lower case, with 0x. */
function matching(expected: string, pattern: RegExp, tidy = (text: string) => text): Form {
  return { expected, read: (text) => (pattern.test(text) ? tidy(text) : undefined) }
}

function with0x(text: string): string {
  return `0x${text.toLowerCase().replace(/^0x/, '')}`
}

const NUMBER_MAX = 2 ** 31 - 1
const GROUP_MAX = 32_767

function numberUpTo(max: number): Form {
  return {
    expected: `a number from 0 to ${max}`,
    read: (text) => {
      if (!/^(?:\d{1,10}|0x[0-9a-f]{1,8})$/i.test(text)) return undefined
      return Number(text) <= max ? String(Number(text)) : undefined
    },
  }
}

const ANYTHING = matching('something', /./s)
const ADDRESS = matching(
  'an address of 0x and 40 hexadecimal digits',
  /^(?:0x)?[0-9a-f]{40}$/i,
  with0x,
)

const FORMS: Readonly<Record<ParameterKind, Form>> = {
  text: ANYTHING,
  number: numberUpTo(NUMBER_MAX),
  amount: matching('a whole number', /^\d{1,78}$/),
  boolean: matching('true or false', /^(?:true|false)$/),
  hash: matching('a hash of 0x and 64 hexadecimal digits', /^(?:0x)?[0-9a-f]{64}$/i, with0x),
  address: ADDRESS,
  deployed: {
    expected: `${ADDRESS.expected}, or latest`,
    read: (text) => (text === 'latest' ? text : ADDRESS.read(text)),
  },
  nodeId: matching('a node id of 128 hexadecimal digits', /^(?:0x)?[0-9a-f]{128}$/i, (text) =>
    with0x(text).slice(2),
  ),
  group: numberUpTo(GROUP_MAX),
  endpoint: matching('a node as HOST:PORT', /^(?:\[[^\]]+\]|[^\s:]+):\d{1,5}$/),
  contract: ANYTHING,
  function: ANYTHING,
  account: ANYTHING,
  table: ANYTHING,
  configKey: ANYTHING,
  command: ANYTHING,
  file: ANYTHING,
}

export function formOf(kind: ParameterKind): Form {
  return FORMS[kind]
}
