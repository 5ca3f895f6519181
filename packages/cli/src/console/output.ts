/**
 * What a command answers, before anybody decides how it looks.
 * @module
 */

/** Plain data, as `--json` writes it. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject

export interface JsonObject {
  readonly [name: string]: Json
}

export type Output =
  /** One value, or a sentence. */
  | { readonly kind: 'value'; readonly value: string | number }
  /** A sentence for people, and data for programs. */
  | { readonly kind: 'message'; readonly text: string; readonly data: Json }
  /** What a node answered, as it answered. */
  | { readonly kind: 'json'; readonly data: Json }
  /** Names and values, one a line. */
  | { readonly kind: 'fields'; readonly fields: readonly (readonly [name: string, value: Json])[] }
  | {
      readonly kind: 'table'
      readonly head: readonly string[]
      readonly rows: readonly (readonly Json[])[]
      /** Said instead of a table without rows. */
      readonly empty: string
      /** Said below the table. */
      readonly footer?: string
    }
  | {
      readonly kind: 'sections'
      readonly sections: readonly (readonly [title: string, output: Output])[]
    }

export function value(of: string | number): Output {
  return { kind: 'value', value: of }
}

export function message(text: string, data: Json = null): Output {
  return { kind: 'message', text, data }
}

export function json(data: Json): Output {
  return { kind: 'json', data }
}

export function fields(of: readonly (readonly [name: string, value: Json])[]): Output {
  return { kind: 'fields', fields: of }
}

/** `empty` is said instead of a table without rows. */
export function table(
  head: readonly string[],
  rows: readonly (readonly Json[])[],
  empty: string,
): Output {
  return { kind: 'table', head, rows, empty }
}

/** JSON data out of anything; big integers become decimal text, bytes and the like do not occur. */
export function toJson(anything: unknown): Json {
  switch (typeof anything) {
    case 'string':
    case 'boolean':
    case 'number':
      return anything
    case 'bigint':
      return anything.toString()
    case 'object':
      if (anything === null) return null
      if (Array.isArray(anything)) return anything.map(toJson)
      return Object.fromEntries(
        Object.entries(anything).map(([name, inner]) => [name, toJson(inner)]),
      )
    default:
      return null
  }
}
