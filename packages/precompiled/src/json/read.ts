/**
 * The lenient JSON reader of jsoncpp 1.7.7, as far as CRUD can see it: which texts it takes, and what text each
 * value turns into. Two nodes that disagree here disagree on rows and receipts (spec 03 §3.3).
 *
 * Beyond standard JSON it takes comments, anything behind the first value, leading zeros, a lone `-` as 0, `,}`
 * behind a member with an empty name, and any token instead of a comma behind a comment.
 * @module
 */
import type { ByteText } from '@bcos-ts/common'
import { refuse } from '../framework/refusal.ts'
import { decodeNumber, decodeString } from './decode.ts'
import { JsonScanner, type Token } from './scan.ts'

/** A value, as text where it can be one. What stands in an array is of no use to anybody here. */
export type JsonValue =
  | { readonly type: 'null' }
  | { readonly type: 'scalar'; readonly text: ByteText }
  | { readonly type: 'array' }
  | { readonly type: 'object'; readonly members: ReadonlyMap<ByteText, JsonValue> }

/** Values inside values. One more refuses the call, where other bad text is merely unreadable. */
const DEPTH_MAX = 1000

/** The value that a text begins with, or `undefined` when it cannot be read. */
export function readJson(text: ByteText): JsonValue | undefined {
  return new JsonReader(text).read()
}

type Open =
  | { readonly type: 'array' }
  | { readonly type: 'object'; readonly members: Map<ByteText, JsonValue>; name: ByteText }

/** What comes next inside an open array or object. */
type Step = 'value' | 'closed' | 'bad'

/** Keeps its own stack: the depth of a text must not become the depth of our calls. */
class JsonReader {
  readonly #scanner: JsonScanner
  readonly #open: Open[] = []

  constructor(text: ByteText) {
    this.#scanner = new JsonScanner(text)
  }

  read(): JsonValue | undefined {
    for (;;) {
      if (this.#open.length >= DEPTH_MAX) refuse()
      const token = this.#scanner.nextBesideComments()
      let value: JsonValue | undefined
      let step: Step = 'closed'
      if (token.type === '{' || token.type === '[') {
        const opened = open(token.type)
        this.#open.push(opened)
        step = this.#enter(opened)
      } else {
        value = scalarOf(token)
        if (value === undefined) return undefined
      }
      while (step === 'closed') {
        value ??= this.#open.pop()
        const around = this.#open.at(-1)
        if (value === undefined || around === undefined) return value
        step = this.#leave(around, value)
        value = undefined
      }
      if (step === 'bad') return undefined
    }
  }

  #enter(opened: Open): Step {
    if (opened.type === 'object') return this.#readName(opened)
    return this.#scanner.takes(']') ? 'closed' : 'value'
  }

  /** Behind a value: the end of what is around it, or the way to the next value. */
  #leave(around: Open, value: JsonValue): Step {
    if (around.type === 'array') {
      const { type } = this.#scanner.nextBesideComments()
      if (type === ',') return 'value'
      return type === ']' ? 'closed' : 'bad'
    }
    around.members.set(around.name, value)
    const first = this.#scanner.next()
    const separator = first.type === 'comment' ? this.#scanner.nextBesideComments() : first
    if (separator.type === '}') return 'closed'
    if (first.type !== ',' && first.type !== 'comment') return 'bad'
    return this.#readName(around)
  }

  #readName(object: Open & { type: 'object' }): Step {
    const token = this.#scanner.nextBesideComments()
    // Also behind a comma, as long as the member before it had an empty name.
    if (token.type === '}' && object.name === '') return 'closed'
    const name = token.type === 'string' ? decodeString(token.text) : undefined
    if (name === undefined || this.#scanner.next().type !== ':') return 'bad'
    object.name = name
    return 'value'
  }
}

function open(type: '{' | '['): Open {
  return type === '[' ? { type: 'array' } : { type: 'object', members: new Map(), name: '' }
}

function scalarOf({ type, text }: Token): JsonValue | undefined {
  switch (type) {
    case 'string':
      return scalar(decodeString(text))
    case 'number':
      return scalar(decodeNumber(text))
    case 'true':
    case 'false':
      return scalar(type)
    case 'null':
      return { type }
    default:
      return undefined
  }
}

function scalar(text: ByteText | undefined): JsonValue | undefined {
  return text === undefined ? undefined : { type: 'scalar', text }
}

/** Members in the order of their names; none for `null`. Refuses the call for anything else. */
export function membersOf(value: JsonValue): (readonly [name: ByteText, value: JsonValue])[] {
  if (value.type === 'null') return []
  if (value.type !== 'object') refuse()
  return [...value.members].toSorted(([a], [b]) => (a < b ? -1 : 1))
}

/** A value as text; `null` is empty. Refuses the call for arrays and objects. */
export function textOf(value: JsonValue): ByteText {
  if (value.type === 'null') return ''
  return value.type === 'scalar' ? value.text : refuse()
}
