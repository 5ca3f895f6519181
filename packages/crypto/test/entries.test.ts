import { readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import manifest from '../package.json' with { type: 'json' }

const SOURCES = fileURLToPath(new URL('../src', import.meta.url))
const IMPORT = /^(?:import|export)\s(?:[^'";]*?\sfrom\s)?'([^']+)'/gm

/** Files of this package and foreign modules that loading a file brings in, types included. */
function reach(file: string, seen: Set<string> = new Set()): Set<string> {
  const name = relative(SOURCES, file)
  if (seen.has(name)) return seen
  seen.add(name)
  for (const [, from = ''] of readFileSync(file, 'utf8').matchAll(IMPORT)) {
    if (from.startsWith('.')) reach(join(dirname(file), from), seen)
    else seen.add(from)
  }
  return seen
}

const entries = new Map<string, Set<string>>()
for (const [path, target] of Object.entries(manifest.exports)) {
  if (typeof target === 'string') continue
  const source = target['@bcos-ts/source'].replace('./src/', '')
  entries.set(path, reach(join(SOURCES, source)))
}

const filesOf = (entry: string): string[] =>
  [...(entries.get(entry) ?? [])].filter((name) => name.endsWith('.ts')).toSorted()

describe('entries of the package', () => {
  it('are portable, but for ./node', () => {
    for (const [entry, reached] of entries) {
      const isPlatform = [...reached].some((name) => name.startsWith('node:'))
      expect([entry, isPlatform]).toEqual([entry, entry === './node'])
    }
  })

  it('bring in nothing that was not asked for', () => {
    expect(filesOf('./sm3')).toEqual(['sm3.ts'])
    expect(filesOf('./keccak256')).toEqual(['keccak256.ts'])
    expect(filesOf('./sm4')).toEqual(['cbc.ts', 'errors.ts', 'sm4.ts'])
    expect(filesOf('./sm2')).toEqual(['errors.ts', 'signature-batch.ts', 'sm2.ts', 'sm3.ts'])
    expect(filesOf('./secp256k1')).toEqual(['errors.ts', 'secp256k1.ts', 'signature-batch.ts'])
    const heavy = /^(?:certificate|key-file|der|node|wasm)\/|^(?:vrf|bn254|aes)\.ts/
    expect(filesOf('.').filter((name) => heavy.test(name))).toEqual([])
  })

  it('need vitest only for the compliance suite', () => {
    const users = [...entries].filter(([, reached]) => reached.has('vitest'))
    expect(users.map(([entry]) => entry)).toEqual(['./compliance'])
  })
})
