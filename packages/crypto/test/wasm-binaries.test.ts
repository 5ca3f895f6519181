import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { KECCAK256_WASM } from '../src/wasm/binaries/keccak256.ts'
import { SECP256K1_WASM } from '../src/wasm/binaries/secp256k1.ts'
import { SM2_WASM } from '../src/wasm/binaries/sm2.ts'
import { SM3_WASM } from '../src/wasm/binaries/sm3.ts'

const PACKAGE = fileURLToPath(new URL('..', import.meta.url))
const bytesOf = (base64: string): number => atob(base64).length

it('embeds what the sources compile to', () => {
  const check = spawnSync(process.execPath, ['scripts/build-wasm.mjs', '--check'], {
    cwd: PACKAGE,
    encoding: 'utf8',
  })
  expect(check.stderr).toBe('')
  expect(check.status).toBe(0)
})

it('stays small: 48 KB, and 4 KB for what is compiled on main threads', () => {
  const hashes = [KECCAK256_WASM, SM3_WASM].map(bytesOf)
  expect(Math.max(...hashes)).toBeLessThan(4096)
  const curves = [SECP256K1_WASM, SM2_WASM].map(bytesOf)
  expect([...hashes, ...curves].reduce((sum, bytes) => sum + bytes, 0)).toBeLessThan(49_152)
})
