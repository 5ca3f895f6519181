import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A file of recorded values; `origin` in it says where they come from. */
export function readVectors<T>(name: string): T {
  const file: T = JSON.parse(readFileSync(join(import.meta.dirname, '..', 'vectors', name), 'utf8'))
  return file
}

/** Values that were derived from the wire layouts, and facts that unit tests of the reference assert. */
export interface DerivedVectors {
  readonly derived: readonly {
    readonly id: string
    readonly input: Readonly<Record<string, unknown>>
    readonly hex: string
  }[]
  readonly facts: readonly { readonly id: string; readonly data: unknown }[]
}

export function factOf<T>(file: DerivedVectors, id: string): T {
  const fact = file.facts.find((one) => one.id === id)
  if (fact === undefined) throw new Error(`no fact ${id}`)
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the file is ours; tests name its shape
  return fact.data as T
}
