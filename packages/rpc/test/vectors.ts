import { readFileSync } from 'node:fs'

/** A file of `vectors/`: recorded data with its origin. */
interface VectorFile<T> {
  readonly origin: { readonly program: string; readonly version: string; readonly how: string }
  readonly cases: readonly T[]
}

// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the caller says what the file holds
export function readVectors<T>(file: string): readonly T[] {
  const text = readFileSync(new URL(`../vectors/${file}`, import.meta.url), 'utf8')
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- recorded by us; a wrong shape fails the test
  return (JSON.parse(text) as VectorFile<T>).cases
}
