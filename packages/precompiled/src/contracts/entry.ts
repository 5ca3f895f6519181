/**
 * Entry (spec 03 §4.3): a row of a table, or one to be.
 * @module
 */
import { type ByteText, textToBytes } from '@bcos-ts/common'
import type { Entry } from '@bcos-ts/protocol/ports'
import { functionsOf, type NativeFrame, type NativeObject } from '../framework/declaration.ts'
import { refuse } from '../framework/refusal.ts'
import { parseWide } from '../numbers.ts'
import { parseAddress } from '../text.ts'
import { fieldOf } from './rows.ts'

const method = functionsOf<Entry>()

const WORD = 32

function wideInteger(row: Entry, name: ByteText): bigint {
  return parseWide(fieldOf(row, name)) ?? refuse()
}

/** A word of the value, filled up with zero bytes. */
function wordOf(row: Entry, name: ByteText, start: number): Uint8Array {
  const word = new Uint8Array(WORD)
  word.set(textToBytes(fieldOf(row, name).slice(start, start + WORD)))
  return word
}

const set = ({ self }: NativeFrame<Entry>, name: ByteText, value: unknown): void =>
  self.set(name, String(value))

export const entryObject: NativeObject<Entry> = {
  name: 'Entry',
  summary: 'A row of a table, or one to be.',
  memory: 'calldata',
  unknown: 'empty',
  functions: [
    method('getInt(string field) view returns (int256)', {
      charges: ['GetInt'],
      run: ({ self }, name) => wideInteger(self, name),
    }),
    method('getUInt(string field) view returns (uint256)', {
      charges: ['GetInt'],
      run: ({ self }, name) => wideInteger(self, name),
    }),
    method('getAddress(string field) view returns (address)', {
      charges: ['GetAddr'],
      run: ({ self }, name) => parseAddress(fieldOf(self, name)) ?? refuse(),
    }),
    // Two words, although the interface that applications compile against declares `bytes1[64]`.
    method('getBytes64(string field) view returns (bytes32 first, bytes32 second)', {
      charges: ['GetByte64'],
      run: ({ self }, name) => [wordOf(self, name, 0), wordOf(self, name, WORD)] as const,
    }),
    method('getBytes32(string field) view returns (bytes32)', {
      charges: ['GetByte32'],
      run: ({ self }, name) => wordOf(self, name, 0),
    }),
    method('getString(string field) view returns (string)', {
      charges: ['GetString'],
      run: ({ self }, name) => fieldOf(self, name),
    }),
    method('set(string field, int256 value)', { charges: ['Set'], run: set }),
    method('set(string field, uint256 value)', { charges: ['Set'], run: set }),
    method('set(string field, string value)', { charges: ['Set'], run: set }),
    method('set(string field, address value)', { charges: ['Set'], run: set }),
  ],
}
