import { createRequire } from 'node:module'
import { to0x } from '@bcos-ts/common'
import { guomiSuite, standardSuite } from '@bcos-ts/crypto'
import { ZERO_HASH } from '@bcos-ts/protocol'
import { selectorOf } from '@bcos-ts/protocol/abi'
import { describe, expect, it } from 'vitest'
import { parseSignature } from '../src/framework/signature.ts'
import {
  abiOf,
  builtInContracts,
  createNativeContracts,
  helloWorld,
  native,
  type NativeContract,
  ResultCode,
  solidityOf,
  tableObjects,
} from '../src/index.ts'
import { functionVectors } from './vectors.ts'
import { nativeCrypto, World } from './world.ts'

const tables = [...builtInContracts(nativeCrypto()), helloWorld, ...tableObjects]
/** The contracts of privacy are not in this package. */
const ABSENT = new Set(['Paillier', 'GroupSig', 'RingSig'])
const expected = functionVectors.contracts.filter(({ name }) => !ABSENT.has(name))

describe('the built-in contracts', () => {
  it('are those of the reference, and no others', () => {
    expect(tables.map(({ name }) => name).toSorted()).toEqual(
      expected.map(({ name }) => name).toSorted(),
    )
  })

  it.each(expected)('$name has the functions of the reference', (contract) => {
    const table = tables.find(({ name }) => name === contract.name)
    expect(table && 'address' in table ? table.address : null).toBe(contract.address)
    expect(table?.memory).toBe(contract.countsCalldata ? 'calldata' : 'output')
    const functions = (table?.functions ?? []).map(({ selectorText, mutability }) => ({
      signature: selectorText,
      keccak256: to0x(selectorOf(selectorText, standardSuite)),
      sm3: to0x(selectorOf(selectorText, guomiSuite)),
      mutability,
    }))
    const wanted = contract.functions.map(({ signature, keccak256, sm3, mutability }) => ({
      signature,
      keccak256,
      sm3,
      mutability,
    }))
    const bySignature = (a: { signature: string }, b: { signature: string }) =>
      a.signature < b.signature ? -1 : 1
    expect(functions.toSorted(bySignature)).toEqual(wanted.toSorted(bySignature))
  })

  it.each(expected)('$name returns what the reference returns', (contract) => {
    const table = tables.find(({ name }) => name === contract.name)
    for (const { signature, outputs } of contract.functions) {
      const found = table?.functions.find(({ selectorText }) => selectorText === signature)
      const types = outputs
        .filter((text) => text !== 'empty' && !text.startsWith('or '))
        .map((text) => text.split(' ')[0])
      expect([signature, found?.outputs.map(({ type }) => type)]).toEqual([signature, types])
    }
  })

  it('answer with the codes of the reference', () => {
    const known = new Set(Object.values(functionVectors.codes))
    const { nodeUnreachable, notGroupPeer, alreadySealer, alreadyObserver } = ResultCode
    // Clients find these themselves: no contract answers with them.
    for (const code of [nodeUnreachable, notGroupPeer, alreadySealer, alreadyObserver]) {
      expect(known.has(code)).toBe(false)
      known.add(code)
    }
    for (const code of Object.values(ResultCode)) expect(code === 0 || known.has(code)).toBe(true)
  })
})

const require = createRequire(import.meta.url)
const solc: { compile(input: string): string } = require('solc')

/** Errors that the compiler finds in a source file. */
function solidityErrors(content: string): readonly string[] {
  const settings = { outputSelection: { '*': { '*': ['abi'] } } }
  const input = { language: 'Solidity', sources: { 'all.sol': { content } }, settings }
  const output: { errors?: readonly { severity: string; formattedMessage: string }[] } = JSON.parse(
    solc.compile(JSON.stringify(input)),
  )
  return (output.errors ?? [])
    .filter(({ severity }) => severity === 'error')
    .map(({ formattedMessage }) => formattedMessage)
}

const greeter: NativeContract = {
  name: 'Greeter',
  address: 0x5100,
  summary: 'Greets.',
  memory: 'calldata',
  unknown: 'empty',
  functions: [
    native('greet(string name) pure returns (string)', { run: (_call, name) => `Hello ${name}` }),
    native('hidden()', { selectorText: 'hidden( )', run: () => {} }),
  ],
}

describe('a declaration', () => {
  it('is described as ABI, without what clients cannot call', () => {
    expect(abiOf(greeter)).toEqual([
      {
        type: 'function',
        name: 'greet',
        inputs: [{ name: 'name', type: 'string' }],
        outputs: [{ name: '', type: 'string' }],
        stateMutability: 'pure',
        constant: true,
      },
    ])
  })

  it('is described as Solidity', () => {
    expect(solidityOf(greeter)).toBe(`// SPDX-License-Identifier: Apache-2.0
pragma solidity >=0.4.24 <0.9.0;

/// Greets. At address 0x5100.
contract Greeter {
    function greet(string memory name) public pure returns (string memory) {}
}
`)
  })

  it('gives Solidity that compiles, for every contract and object', () => {
    expect(solidityErrors(solidityOf(...tables))).toEqual([])
    expect(solidityErrors('contract A { function f() }')).not.toEqual([])
  })

  it.each([
    ['no brackets', 'get'],
    ['a type that does not exist', 'get(text key)'],
    ['a type that is not offered', 'get(uint8 key)'],
    ['an array as argument', 'get(string[] keys)'],
    ['results without brackets', 'get() returns string'],
    ['an unknown result type', 'get() returns (text)'],
    ['an unknown mutability', 'get() payable'],
  ])('with %s is refused', (_name, signature) => {
    expect(() => parseSignature(signature)).toThrow(
      expect.objectContaining({ code: 'PRECOMPILED_INVALID_DECLARATION' }),
    )
  })
})

describe('a chain', () => {
  const builtIn = builtInContracts(nativeCrypto())
  const invalid = expect.objectContaining({ code: 'PRECOMPILED_INVALID_DECLARATION' })

  it('takes extensions at 0x5001 to 0xffff', () => {
    for (const address of [0x5001, 0xffff]) {
      const extensions = [{ ...greeter, address }]
      expect(() => createNativeContracts({ builtIn, extensions })).not.toThrow()
    }
  })

  it.each([0x5000, 0x10000, 0x1000, 0, -1, 20_737.5, Number.NaN])(
    'refuses an extension at %d',
    (address) => {
      const extensions = [{ ...greeter, address }]
      expect(() => createNativeContracts({ builtIn, extensions })).toThrow(invalid)
    },
  )

  it('refuses two contracts at one address', () => {
    const extensions = [{ ...greeter, address: 0x5002 }]
    expect(() => createNativeContracts({ builtIn, extensions })).toThrow(invalid)
  })

  it('refuses a contract that has one selector twice, before its first block', () => {
    const [greet] = greeter.functions
    const functions = greet === undefined ? [] : [greet, greet]
    const contracts = createNativeContracts({ builtIn: [{ ...greeter, functions }] })
    const { tables: state } = new World().open()
    const context = { tables: state, parentHash: ZERO_HASH, isFreeStorage: false }
    expect(() => contracts.open({ ...context, suite: standardSuite })).toThrow(invalid)
  })
})
