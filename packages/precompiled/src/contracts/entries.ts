/**
 * Entries (spec 03 §4.4): the rows that a selection found.
 * @module
 */
import type { Entry } from '@bcos-ts/protocol/ports'
import { functionsOf, type NativeObject } from '../framework/declaration.ts'
import { entryObject } from './entry.ts'
import { rowAt } from './rows.ts'

const method = functionsOf<readonly Entry[]>()

export const entriesObject: NativeObject<readonly Entry[]> = {
  name: 'Entries',
  summary: 'The rows that a selection found.',
  memory: 'calldata',
  unknown: 'empty',
  functions: [
    // A new object for each call, also for the same row. Of a negative index 64 bits count.
    method('get(int256 index) view returns (address)', {
      run: ({ self, objects }, index) =>
        objects.add(entryObject, rowAt(self, BigInt.asUintN(64, index))),
    }),
    method('size() view returns (int256)', { run: ({ self }) => self.length }),
  ],
}
