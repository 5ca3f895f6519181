import { expect, it } from 'vitest'
import { ask, rpcOf } from './rpc.ts'
import { TestService } from './service.ts'

it('tells which engines compute, in a field of its own beside those of the reference', async () => {
  const node = new TestService()
  const recorded = (await ask(rpcOf(node), 'getNodeInfo', [])).result
  const engines = { keccak256: 'wasm', secp256k1: 'secp256k1 (native)' }
  const { result } = await ask(rpcOf(Object.assign(node, { engines })), 'getNodeInfo', [])
  expect(result).toEqual({ ...Object(recorded), CryptoEngines: engines })
})
