import type { LogEntry, Receipt } from '@bcos-ts/protocol'
import * as fc from 'fast-check'
import { anyAddress, anyBytes, anyHash, anyUint } from './primitives.ts'

export function anyLogEntry(): fc.Arbitrary<LogEntry> {
  return fc.record({
    address: anyAddress(),
    topics: fc.array(anyHash(), { maxLength: 4 }),
    data: fc.uint8Array({ maxLength: 100 }),
  })
}

export function anyReceipt(): fc.Arbitrary<Receipt> {
  return fc.record({
    stateRoot: anyHash(),
    gasUsed: anyUint(256),
    contractAddress: anyAddress(),
    logBloom: anyBytes(256),
    status: fc.nat({ max: 255 }),
    output: fc.uint8Array({ maxLength: 200 }),
    remainGas: anyUint(256),
    logs: fc.array(anyLogEntry(), { maxLength: 3 }),
  })
}
