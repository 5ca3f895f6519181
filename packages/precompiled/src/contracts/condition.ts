/**
 * Condition (spec 03 §4.5): which rows a selection, update or removal is about.
 * @module
 */
import type { Condition } from '@bcos-ts/protocol/ports'
import { functionsOf, type NativeObject } from '../framework/declaration.ts'

const method = functionsOf<Condition>()

/** Cut to 64 bits, of which the lower 32 count as signed. */
function limitNumber(value: bigint): number {
  return Number(BigInt.asIntN(32, value))
}

export const conditionObject: NativeObject<Condition> = {
  name: 'Condition',
  summary: 'Which rows a selection, update or removal is about.',
  memory: 'calldata',
  unknown: 'empty',
  functions: [
    method('EQ(string field, int256 value) view', {
      charges: ['EQ'],
      run: ({ self }, field, value) => self.eq(field, String(value)),
    }),
    method('EQ(string field, string value) view', {
      charges: ['EQ'],
      run: ({ self }, field, value) => self.eq(field, value),
    }),
    method('EQ(string field, address value) view', {
      charges: ['EQ'],
      run: ({ self }, field, value) => self.eq(field, value),
    }),
    method('NE(string field, int256 value) view', {
      charges: ['NE'],
      run: ({ self }, field, value) => self.ne(field, String(value)),
    }),
    method('NE(string field, string value) view', {
      charges: ['NE'],
      run: ({ self }, field, value) => self.ne(field, value),
    }),
    method('GT(string field, int256 value) view', {
      charges: ['GT'],
      run: ({ self }, field, value) => self.gt(field, String(value)),
    }),
    method('GE(string field, int256 value) view', {
      charges: ['GE'],
      run: ({ self }, field, value) => self.ge(field, String(value)),
    }),
    method('LT(string field, int256 value) view', {
      charges: ['LT'],
      run: ({ self }, field, value) => self.lt(field, String(value)),
    }),
    method('LE(string field, int256 value) view', {
      charges: ['LE'],
      run: ({ self }, field, value) => self.le(field, String(value)),
    }),
    method('limit(int256 count) view', {
      charges: ['Limit'],
      run: ({ self }, count) => self.limit(0, limitNumber(count)),
    }),
    method('limit(int256 offset, int256 count) view', {
      charges: ['Limit'],
      run: ({ self }, offset, count) => self.limit(limitNumber(offset), limitNumber(count)),
    }),
  ],
}
