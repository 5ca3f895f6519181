import { concatBytes, equalBytes, fromHex, toHex } from '@bcos-ts/common'
import {
  type Address,
  decodeTransaction,
  encodeBytes,
  encodeInteger,
  encodeList,
  TransactionStatus as Status,
  ZERO_ADDRESS,
} from '@bcos-ts/protocol'
import { decodeErrorText } from '@bcos-ts/protocol/abi'
import { beforeEach, describe, expect, it } from 'vitest'
import { assembled, deployer, type MemoryChain, memoryChain, suite } from './memory-chain.ts'

const NO_DATA = new Uint8Array(0)
const SOME_DATA = new Uint8Array(1)

let chain: MemoryChain
beforeEach(async () => {
  chain = await memoryChain()
})

/** Code that answers slot 0 when it is called with data, and else does what is given. */
function readableThat(does: string): string {
  const answer = '5b 6000 54 6000 52 6020 6000 f3'
  const target = 4 + assembled(does).length
  return `36 60${toHex(Uint8Array.of(target))} 57 ${does} ${answer}`
}

const writeAndLog = (value: string): string => `60${value} 6000 55 6000 6000 a0`
const call = (address: Address): string => `6000 6000 6000 6000 6000 73${address} 5a f1`

async function deployed(code: string): Promise<Address> {
  const { status, contractAddress } = await chain.send(undefined, deployer(code))
  expect(status).toBe(Status.none)
  return contractAddress
}

function ask(to: Address, data = SOME_DATA): { readonly status: number; readonly answer: bigint } {
  const { status, output } = chain.executor.call({ from: ZERO_ADDRESS, to, value: 0n, data })
  return { status, answer: output.length === 0 ? 0n : BigInt(`0x${toHex(output)}`) }
}

describe('a transaction that fails', () => {
  it.each([
    ['a revert', '6000 6000 fd', Status.revertInstruction],
    ['an instruction that does not exist', 'ef', Status.badInstruction],
    ['a jump to what is no target', '6000 56', Status.badJumpDestination],
    ['an empty stack', '50', Status.stackUnderflow],
    ['an endless loop', '5b 600e 56', Status.outOfGas],
  ])('by %s says so, and leaves neither state nor logs', async (_, failure, status) => {
    const address = await deployed(readableThat(`${writeAndLog('01')} ${failure}`))
    expect(await chain.send(address, NO_DATA)).toMatchObject({ status, logs: [] })
    expect(ask(address)).toEqual({ status: Status.none, answer: 0n })
  })

  it('names the address when no contract lives there', async () => {
    const nobody = 'ab'.repeat(20)
    const { status, output } = await chain.send(nobody, NO_DATA)
    expect(status).toBe(Status.callAddressError)
    expect(decodeErrorText(output, suite)).toBe(`Error address:${nobody}`)
  })

  it('costs the whole limit when its data alone cost more', async () => {
    chain = await memoryChain({ txGasLimit: 100_000 })
    const { status, gasUsed } = await chain.send(undefined, new Uint8Array(1000).fill(1))
    expect([status, gasUsed]).toEqual([Status.outOfGasIntrinsic, 100_000n])
  })

  it('does not touch those before and after it in its block', async () => {
    const adds = readableThat('6001 6000 54 01 6000 55')
    const [good, bad] = [await deployed(adds), await deployed(`${writeAndLog('01')} fd`)]
    const { block } = await chain.mine(
      chain.transaction(good, NO_DATA),
      chain.transaction(bad, NO_DATA),
      chain.transaction(good, NO_DATA),
    )
    expect(block.receipts.map(({ status }) => status === Status.none)).toEqual([true, false, true])
    expect(ask(good).answer).toBe(2n)
  })
})

describe('a call inside a transaction', () => {
  it('is undone alone when it fails: the caller sees 0 and goes on', async () => {
    const inner = await deployed(readableThat(`${writeAndLog('01')} 6000 6000 fd`))
    const outer = await deployed(readableThat(`${call(inner)} 6007 01 6000 55 6000 6000 a0 00`))
    const { status, logs } = await chain.send(outer, NO_DATA)
    expect(status).toBe(Status.none)
    expect(logs.map(({ address }) => address)).toEqual([outer])
    expect([ask(inner).answer, ask(outer).answer]).toEqual([0n, 7n])
  })

  it('is undone with its caller, although it succeeded', async () => {
    const inner = await deployed(readableThat(`${writeAndLog('01')} 00`))
    const outer = await deployed(`${call(inner)} fd`)
    expect((await chain.send(outer, NO_DATA)).status).not.toBe(Status.none)
    expect(ask(inner).answer).toBe(0n)
    const other = await deployed(`${call(inner)} 00`)
    expect((await chain.send(other, NO_DATA)).logs).toHaveLength(1)
    expect(ask(inner).answer).toBe(1n)
  })
})

describe('a new contract', () => {
  it('lives where its creator and the creator’s nonce put it', async () => {
    // Creates a contract without code.
    const creator = await deployed('6000 6000 6000 f0 6000 52 6020 6000 f3')
    for (const nonce of [0n, 1n]) {
      const { output } = await chain.send(creator, NO_DATA)
      const preimage = encodeList([encodeBytes(fromHex(creator)), encodeInteger(nonce)])
      expect(toHex(output.subarray(12))).toBe(toHex(suite.hash(preimage).subarray(12)))
    }
  })

  it('may have 256 KiB of code, and not a byte more', async () => {
    const returning = (size: number): Uint8Array =>
      assembled(`62${size.toString(16).padStart(6, '0')} 6000 f3`)
    expect((await chain.send(undefined, returning(0x40000))).status).toBe(Status.none)
    expect((await chain.send(undefined, returning(0x40001))).status).toBe(Status.outOfGas)
  })
})

describe('a read-only call', () => {
  it('sees its own writes and leaves no trace', async () => {
    const address = await deployed(
      readableThat(`${writeAndLog('09')} 6000 54 6000 52 6020 6000 f3`),
    )
    expect(ask(address, NO_DATA)).toEqual({ status: Status.none, answer: 9n })
    expect(ask(address).answer).toBe(0n)
  })
})

describe('a block', () => {
  it('comes out the same however often it is executed', async () => {
    const address = await deployed(writeAndLog('01'))
    const block = chain.proposal(chain.transaction(address, NO_DATA))
    const [once, twice] = [chain.executor.execute(block), chain.executor.execute(block)]
    expect(equalBytes(once.hash, twice.hash)).toBe(true)
  })

  it('is executed on its parent only', async () => {
    const { header, ...rest } = chain.proposal()
    const later = { ...rest, header: { ...header, number: header.number + 1 } }
    expect(() => chain.executor.execute(later)).toThrow(
      expect.objectContaining({ code: 'EXECUTOR_WRONG_PARENT' }),
    )
  })

  it('with a forged signature inside is refused as a whole', async () => {
    const { raw } = chain.transaction('5002'.padStart(40, '0'), NO_DATA)
    // The last bytes are those of the signature's s, now beyond the order of the curve.
    const forged = decodeTransaction(
      concatBytes(raw.subarray(0, -32), new Uint8Array(32).fill(0xff)),
      suite,
    )
    expect(() => chain.executor.execute(chain.proposal(forged))).toThrow(
      expect.objectContaining({ code: 'EXECUTOR_INVALID_BLOCK' }),
    )
  })
})
