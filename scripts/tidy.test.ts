import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '..')
const PACKAGES = join(ROOT, 'packages')

/** The architecture, bottom up. A package may import the packages listed, and no other. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  common: [],
  crypto: ['common'],
  protocol: ['common', 'crypto'],
  'storage-crud': ['common', 'protocol'],
  precompiled: ['common', 'protocol'],
  'evm-adapter': ['common', 'protocol'],
  executor: ['common', 'protocol'],
  consensus: ['common', 'protocol'],
  network: ['common', 'protocol'],
  ledger: ['common', 'protocol'],
  rpc: ['common', 'protocol'],
  sdk: ['common', 'crypto', 'protocol'],
  testing: ['common', 'protocol'],
  simulation: ['common', 'protocol', 'consensus', 'ledger', 'testing'],
  node: [
    'common',
    'crypto',
    'protocol',
    'storage-crud',
    'precompiled',
    'evm-adapter',
    'executor',
    'consensus',
    'network',
    'ledger',
    'rpc',
  ],
  cli: ['common', 'crypto', 'protocol', 'sdk', 'node', 'simulation'],
}

/** Packages that must run anywhere and answer the same everywhere: no third party, no platform. */
const PURE: ReadonlySet<string> = new Set(['common', 'protocol', 'consensus', 'executor'])

const LINES_MAX = 500
const READ_KEY = /\.(?:boolean|integer|decimal|text|oneOf|required)\('[\w.]+'/g
const ERROR_CODE = /'[A-Z]+(?:_[A-Z]+)+'/g
const IMPORT = /^(?:import|export)\s+(type\s)?[^'"]*?from\s+'([^']+)'/gm

const names = readdirSync(PACKAGES).filter((name) =>
  existsSync(join(PACKAGES, name, 'package.json')),
)

function sourcesOf(name: string): string[] {
  return readdirSync(join(PACKAGES, name, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !/\.(?:test|bench)\.ts$/.test(file))
    .map((file) => join(name, 'src', file))
}

function* complaintsAboutImports(name: string, text: string): Generator<string> {
  for (const [, type, from = ''] of text.matchAll(IMPORT)) {
    const target = /^@bcos-ts\/([^/]+)/.exec(from)?.[1]
    if (target !== undefined && target !== name && !MAY_IMPORT[name]?.includes(target)) {
      yield `may not import ${from}`
    }
    if (name === 'protocol' && target === 'crypto' && type === undefined) yield 'crypto: types only'
    const isForeign = !from.startsWith('.') && target === undefined
    if (isForeign && PURE.has(name)) yield `is pure, may not import ${from}`
  }
}

describe('the repository', () => {
  it('has a rule for every package', () => {
    expect(Object.keys(MAY_IMPORT).toSorted()).toEqual(names.toSorted())
  })

  it.each(names)('%s imports only what it may, in files of a readable length', (name) => {
    const complaints: string[] = []
    for (const file of sourcesOf(name)) {
      const text = readFileSync(join(PACKAGES, file), 'utf8')
      const lines = text.split('\n').length
      if (lines > LINES_MAX) complaints.push(`${file}: ${lines} lines`)
      for (const one of complaintsAboutImports(name, text)) complaints.push(`${file}: ${one}`)
    }
    expect(complaints).toEqual([])
  })

  it.each(names)('%s declares exactly the packages it may build on', (name) => {
    const manifest: Readonly<Record<string, Readonly<Record<string, string>>>> = JSON.parse(
      readFileSync(join(PACKAGES, name, 'package.json'), 'utf8'),
    )
    const declared = Object.keys(manifest['dependencies'] ?? {})
      .filter((dependency) => dependency.startsWith('@bcos-ts/'))
      .map((dependency) => dependency.slice('@bcos-ts/'.length))
    const forbidden = declared.filter((dependency) => !MAY_IMPORT[name]?.includes(dependency))
    expect(forbidden).toEqual([])
    expect(existsSync(join(PACKAGES, name, 'README.md'))).toBe(true)
  })

  it('names no place outside itself in what it ships', () => {
    const lock = readFileSync(join(ROOT, 'pnpm-lock.yaml'), 'utf8')
    expect(lock).not.toMatch(/https?:\/\//)
  })
})

describe('the index of errors', () => {
  const page = readFileSync(join(ROOT, 'docs', 'reference', 'errors', 'README.md'), 'utf8')

  it.each(names)('names every code of %s', (name) => {
    const codes = sourcesOf(name)
      .filter((file) => file.endsWith('errors.ts'))
      .flatMap((file) => readFileSync(join(PACKAGES, file), 'utf8').match(ERROR_CODE) ?? [])
    expect(codes.filter((code) => !page.includes(`\`${code.slice(1, -1)}\``))).toEqual([])
  })
})

describe('the page of configuration', () => {
  const page = readFileSync(join(ROOT, 'docs', 'reference', 'configuration.md'), 'utf8')

  it('names every key that a node reads', () => {
    const read = sourcesOf('node')
      .filter((file) => /config\/[a-z]+-(?:config|file)\.ts$/.test(file))
      .flatMap((file) => readFileSync(join(PACKAGES, file), 'utf8').match(READ_KEY) ?? [])
      .map((call) => call.slice(call.indexOf("'") + 1, -1))
    expect(read.length).toBeGreaterThan(40)
    expect(read.filter((key) => !page.includes(`\`${key}\``))).toEqual([])
  })
})
