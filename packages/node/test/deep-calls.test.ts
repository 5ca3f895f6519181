import { toHex, utf8 } from '@bcos-ts/common'
import { describe, expect, it } from 'vitest'
import { assembled, deployer, memoryChain } from './memory-chain.ts'

const NO_LIMIT = { txGasLimit: Number.MAX_SAFE_INTEGER }

describe('calls that nest as deep as they may', () => {
  // Counts its depth in memory: calls itself with all gas, returns 1 + what came back.
  const RECURSE = '6020 6000 6000 6000 6000 30 5a f1 50 6000 51 6001 01 6000 52 6020 6000 f3'

  it('end at depth 1024 and come back, on the stack of an ordinary process', async () => {
    const chain = await memoryChain(NO_LIMIT)
    const deployed = await chain.send(undefined, deployer(RECURSE))
    expect(deployed.status).toBe(0)
    const receipt = await chain.send(deployed.contractAddress, utf8(''))
    expect(receipt.status).toBe(0)
    expect(BigInt(`0x${toHex(receipt.output)}`)).toBe(1025n)
  })

  // CREATE with the own code as init code, again and again.
  const CREATE = '38 6000 6000 39 38 6000 6000 f0 00'

  it('end at depth 1024 for creations as well', async () => {
    const chain = await memoryChain(NO_LIMIT)
    const receipt = await chain.send(undefined, assembled(CREATE))
    expect(receipt.status).toBe(0)
    const again = await chain.send('5002'.padStart(40, '0'), utf8(''))
    expect(again.status).toBe(0)
  })
})
