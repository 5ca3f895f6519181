import { afterEach, describe, expect, it, vi } from 'vitest'
import { createNodeSuites, enginesInUse } from '../src/node/index.ts'
import { createWasmSuites, wasmEcdsa, wasmKeccak256, wasmSm2, wasmSm3 } from '../src/wasm/index.ts'

/** As a content security policy answers, to constructors too. */
function refuse(): never {
  throw new Error('refused')
}

const PLATFORMS = [
  ['has none', undefined],
  ['forbids it', { Module: refuse, Instance: refuse, compile: async () => refuse() }],
] as const

afterEach(() => {
  vi.unstubAllGlobals()
})

describe.each(PLATFORMS)('a platform that %s: WebAssembly', (_, api) => {
  it('gives no engines, and portable suites', async () => {
    vi.stubGlobal('WebAssembly', api)
    for (const engine of [wasmKeccak256(), wasmSm3(), wasmEcdsa(), wasmSm2()]) {
      expect(engine).toBeUndefined()
    }
    const { standard, guomi } = await createWasmSuites()
    expect(standard.engines).toEqual({
      keccak256: '@noble/hashes',
      secp256k1: '@noble/curves',
      secp256k1Signing: '@noble/curves',
    })
    expect(guomi.engines).toEqual({
      sm3: '@bcos-ts/crypto',
      sm2: '@noble/curves',
      sm2Signing: '@noble/curves',
    })
  })

  it('leaves a server its native engines', async () => {
    vi.stubGlobal('WebAssembly', api)
    expect(enginesInUse(await createNodeSuites())).toMatchObject({
      keccak256: '@noble/hashes',
      sm3: 'node:crypto',
      sm2: 'node:crypto',
    })
  })
})

it('offers nothing that takes a secret key', () => {
  for (const engine of [wasmEcdsa(), wasmSm2()]) {
    expect(engine).toBeDefined()
    expect(engine).not.toHaveProperty('sign')
    expect(engine).not.toHaveProperty('publicKey')
  }
})
