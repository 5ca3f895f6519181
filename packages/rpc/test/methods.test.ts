import { describe, expect, it } from 'vitest'
import { groupMethods, methods } from '../src/methods/index.ts'
import { readVectors } from './vectors.ts'

interface DeclaredMethod {
  readonly method: string
  readonly params: string
  readonly isOfGroup: boolean
}

const declared = readVectors<DeclaredMethod>('methods.json')

describe('the table of methods', () => {
  it.each(declared)('has $method as the reference declares it', (one) => {
    expect(methods.get(one.method)?.params.join('')).toBe(one.params)
    expect(groupMethods.has(one.method)).toBe(one.isOfGroup)
  })

  it('has no others but the additions of this implementation', () => {
    const additions = ['getConsensusProgress', 'getExecutionDifference']
    const names = [...declared.map((one) => one.method), ...additions]
    expect([...methods.keys()].toSorted()).toEqual(names.toSorted())
  })
})
