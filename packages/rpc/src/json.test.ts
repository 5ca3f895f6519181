import { expect, it } from 'vitest'
import frames from '../../protocol/vectors/channel-frames.json' with { type: 'json' }
import { type JsonValue, styledJson } from './json.ts'

const RECEIPT = 0x1000
const receipts = frames.cases.filter(({ type, text }) => type === RECEIPT && text !== null)

it.each(receipts)('$name is laid out as the reference lays it out', ({ text }) => {
  const receipt: JsonValue = JSON.parse(text ?? '')
  expect(styledJson(receipt)).toBe(text)
})
