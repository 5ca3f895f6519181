import { readFileSync } from 'node:fs'
import { fromHex, isBcosError, toHex } from '@bcos-ts/common'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeRaftMessage, encodeRaftMessage } from './codec.ts'
import type { RaftMessage } from './messages.ts'

interface Vectors {
  readonly cases: readonly { readonly id: string; readonly expected_hex: string }[]
}

const { cases }: Vectors = JSON.parse(
  readFileSync(new URL('../../vectors/raft-derived.json', import.meta.url), 'utf8'),
)
const bytesOf = (id: string): Uint8Array =>
  fromHex(cases.find((one) => one.id === id)?.expected_hex ?? '')

const hash = '11'.repeat(32)
const place = { index: 1, term: 10, height: 10, blockHash: hash }
const voter = { ...place, index: 2 }

describe('messages of the reference (spec 04 §8.2)', () => {
  it.each<[id: string, message: RaftMessage]>([
    ['raft-voteresp', { type: 'voteResponse', ...voter, flag: 6, lastLeaderTerm: 9 }],
    [
      'raft-heartbeat',
      { type: 'heartbeat', ...place, leader: 1, block: new Uint8Array(0), blockNumber: 0 },
    ],
    ['raft-heartbeatresp', { type: 'heartbeatResponse', ...voter, acceptedHash: '22'.repeat(32) }],
  ])('%s is read and written', (id, message) => {
    expect(decodeRaftMessage(bytesOf(id))).toEqual(message)
    expect(toHex(encodeRaftMessage(message))).toBe(toHex(bytesOf(id)))
  })

  it('raft-votereq is read: a real request, whose block was accepted no later than its last leader led', () => {
    const request = {
      type: 'voteRequest',
      ...place,
      candidate: 1,
      lastLeaderTerm: 9,
      lastBlockNumber: 10,
    }
    const bytes = bytesOf('raft-votereq')
    expect(decodeRaftMessage(bytes)).toEqual({ ...request, acceptedTerm: 0, isTrial: false })
    const withBlock = bytes.slice()
    withBlock[withBlock.length - 1] = 11
    expect(decodeRaftMessage(withBlock)).toMatchObject({ lastBlockNumber: 11, acceptedTerm: 9 })
  })

  it('ours has the items of the reference first, and two that it does not read behind them', () => {
    const ours = encodeRaftMessage({
      type: 'voteRequest',
      ...place,
      candidate: 1,
      lastLeaderTerm: 9,
      lastBlockNumber: 10,
      acceptedTerm: 8,
      isTrial: true,
    })
    // Three bytes of lengths, one more for each list around the items.
    const items = toHex(bytesOf('raft-votereq').subarray(4))
    expect(toHex(ours)).toContain(`${items}0801`)
    expect(decodeRaftMessage(ours)).toMatchObject({ acceptedTerm: 8, isTrial: true })
  })

  it('any bytes are a message or a typed error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          decodeRaftMessage(bytes)
        } catch (error) {
          expect(isBcosError(error, 'CONSENSUS_INVALID_PACKET')).toBe(true)
        }
      }),
    )
  })
})
