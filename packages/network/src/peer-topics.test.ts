import { utf8 } from '@bcos-ts/common'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  decodeTopicSeq,
  encodeTopicList,
  encodeTopicSeq,
  NO_TOPICS,
  openChallenges,
  type PeerTopics,
  TOPIC_LIST_BYTES_MAX,
  verifiedTopics,
  withTopicList,
  withVerification,
} from './peer-topics.ts'

const SUFFIX = '0123456789abcdef0123456789abcdef'
const PRIVATE = '#!$TopicNeedVerify_T'
const CHANNEL = `#!$VerifyChannel_${PRIVATE}_${SUFFIX}`

function known(...topics: readonly string[]): PeerTopics {
  const list = withTopicList(NO_TOPICS, encodeTopicList(5, topics))
  if (list === undefined) throw new Error('the list was refused')
  return list
}

describe('topics of a neighbour', () => {
  it('travel as text divided by tabs', () => {
    expect(encodeTopicList(3, ['foo', 'bar'])).toEqual(utf8('3\tfoo\tbar'))
    expect(encodeTopicSeq(12)).toEqual(utf8('12'))
    expect(decodeTopicSeq(utf8('4294967295'))).toBe(4_294_967_295)
    expect(known('消息', 'b').statuses).toEqual(
      new Map([
        ['消息', 'verified'],
        ['b', 'verified'],
      ]),
    )
  })

  it('cannot smuggle another topic in behind a tab', () => {
    expect(encodeTopicList(1, ['a\tb', 'c'])).toEqual(utf8('1\tc'))
  })

  it('are refused when they cannot be read, or are beyond all measure', () => {
    for (const text of ['', 'x', '-1', '4294967296', '99999999999', ' 1']) {
      expect(decodeTopicSeq(utf8(text))).toBeUndefined()
    }
    expect(withTopicList(NO_TOPICS, utf8('x\tfoo'))).toBeUndefined()
    expect(withTopicList(NO_TOPICS, new Uint8Array(TOPIC_LIST_BYTES_MAX + 1))).toBeUndefined()
    expect(withTopicList(NO_TOPICS, utf8(`1${'\ta'.repeat(65_537)}`))).toBeUndefined()
  })

  it('read any bytes as a list or not at all', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (payload) => {
        const list = withTopicList(NO_TOPICS, payload)
        expect(list === undefined || Number.isInteger(list.seq)).toBe(true)
      }),
    )
  })

  it('are used when private only after a check, which counts once', () => {
    const waiting = known(PRIVATE, CHANNEL)
    expect(verifiedTopics(waiting)).toEqual([CHANNEL])
    const failed = withVerification(waiting, PRIVATE, false)
    expect(verifiedTopics(withVerification(failed, PRIVATE, true))).toEqual([CHANNEL])
    const good = withVerification(waiting, PRIVATE, true)
    expect(verifiedTopics(good)).toEqual([PRIVATE, CHANNEL])
    expect(withVerification(good, 'unknown', true)).toBe(good)
  })

  it('keep their status while they stay in the list, and lose it when they leave', () => {
    const good = withVerification(known(PRIVATE), PRIVATE, true)
    const stayed = withTopicList(good, encodeTopicList(6, [PRIVATE, 'x']))
    expect(stayed && verifiedTopics(stayed)).toEqual([PRIVATE, 'x'])
    const left = withTopicList(good, encodeTopicList(7, []))
    const back = left && withTopicList(left, encodeTopicList(8, [PRIVATE]))
    expect(back?.statuses.get(PRIVATE)).toBe('verifying')
  })

  it('open a challenge for a waiting topic on its own channel, not on that of a longer name', () => {
    const other = `#!$VerifyChannel_${PRIVATE}2_${SUFFIX}`
    expect(openChallenges(known(PRIVATE, other))).toEqual([])
    const both = known(other, PRIVATE, CHANNEL)
    expect(openChallenges(both)).toEqual([{ topic: PRIVATE, topicForCertificate: CHANNEL }])
    expect(openChallenges(withVerification(both, PRIVATE, false))).toEqual([])
  })
})
