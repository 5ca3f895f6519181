import { describe, expect, it } from 'vitest'
import { type CpuProfile, stagesOf } from './stages.ts'

const frame = (functionName: string, url = '') => ({ functionName, url })

/** root → server (Node) → rpc → codec (ours) → native; and idle, collector. */
const profile: CpuProfile = {
  nodes: [
    { id: 1, callFrame: frame('(root)'), children: [2, 7, 8, 9] },
    { id: 2, callFrame: frame('onRequest', 'node:_http_server'), children: [3] },
    { id: 3, callFrame: frame('handle', 'file:///x/packages/rpc/dist/json-rpc.js'), children: [4] },
    {
      id: 4,
      callFrame: frame(
        'Transaction',
        'file:///x/node_modules/@bcos-ts/protocol/dist/transaction.js',
      ),
      children: [5],
    },
    {
      id: 5,
      callFrame: frame('recover', 'file:///x/packages/crypto/dist/node/native-ecdsa.js'),
      children: [6],
    },
    { id: 6, callFrame: frame('ecdsaRecover', 'file:///x/node_modules/secp256k1/lib/index.js') },
    { id: 7, callFrame: frame('(idle)') },
    { id: 8, callFrame: frame('(garbage collector)') },
    { id: 9, callFrame: frame('write', 'file:///x/node_modules/classic-level/index.js') },
  ],
  samples: [2, 3, 4, 6, 7, 8, 9, 6],
  timeDeltas: [100, 100, 100, 100, 100, 100, 100, 100],
}

describe('where processor time goes', () => {
  it('is told by the innermost function that belongs to a part of the node', () => {
    expect(Object.fromEntries(stagesOf(profile, [0, 700]))).toEqual({
      HTTP: 100,
      'JSON-RPC': 100,
      codecs: 100,
      signatures: 100,
      idle: 100,
      'garbage collection': 100,
      'state and storage': 100,
    })
  })

  it('counts samples between two moments only', () => {
    expect(Object.fromEntries(stagesOf(profile, [750, 900]))).toEqual({ signatures: 100 })
  })
})
