/**
 * CNS 0x1004 (spec 03 §3.5): contracts by name and version.
 * @module
 */
import type { ByteText } from '@bcos-ts/common'
import { accountTable, ResultCode, SystemTableName } from '@bcos-ts/protocol'
import type { Entry } from '@bcos-ts/protocol/ports'
import { native, type NativeContract, type NativeFrame } from '../framework/declaration.ts'
import { refuse } from '../framework/refusal.ts'
import { compactJson } from '../json/write.ts'
import { parseAddress } from '../text.ts'
import {
  checkLength,
  CNS_NAME_BYTES_MAX,
  CNS_VERSION_BYTES_MAX,
  VALUE_BYTES_MAX,
} from './limits.ts'
import { fieldOf, firstRow, newRow, systemTable, where } from './rows.ts'

interface Registration {
  readonly name: ByteText
  readonly version: ByteText
  readonly address: ByteText
  readonly abi: ByteText
}

const FIELDS_OF_REGISTRATION = 4

function register(call: NativeFrame, { name, version, address, abi }: Registration): number {
  const { tables, gas, origin } = call
  const table = systemTable(tables, SystemTableName.cns)
  const contract = parseAddress(address)
  if (contract !== undefined) {
    // Nothing hangs on the contract's state, but from here on its table is open in this block.
    tables.open(accountTable(contract))
    checkLength(name, CNS_NAME_BYTES_MAX)
    checkLength(abi, VALUE_BYTES_MAX)
  }
  const sameName = table.select(name)
  gas.charge('Select', sameName.length)
  if (version.length > CNS_VERSION_BYTES_MAX) return ResultCode.versionOverflow
  if (sameName.some((row) => fieldOf(row, 'version') === version)) {
    return ResultCode.nameAndVersionExist
  }
  if (contract === undefined) return ResultCode.invalidAddress
  const count = table.insert(name, newRow(tables, { name, version, address, abi }), origin)
  if (count > 0) {
    gas.charge('Insert', count)
    gas.growMemory(FIELDS_OF_REGISTRATION * count)
  }
  return count
}

function describe(name: ByteText, rows: readonly Entry[]): ByteText {
  return compactJson(
    rows.map((row) => ({
      name,
      version: fieldOf(row, 'version'),
      address: fieldOf(row, 'address'),
      abi: fieldOf(row, 'abi'),
    })),
  )
}

function ofVersion({ tables }: NativeFrame, name: ByteText, version: ByteText): readonly Entry[] {
  const table = systemTable(tables, SystemTableName.cns)
  return table.select(name, where(tables, 'version', version))
}

export const cns: NativeContract = {
  name: 'CNS',
  address: 0x1004,
  summary: 'Contracts by name and version.',
  memory: 'calldata',
  unknown: 'empty',
  functions: [
    native(
      'insert(string name, string version, string contractAddress, string abi) returns (int256)',
      {
        permission: 'access list of _sys_cns_',
        charges: ['OpenTable'],
        run: (call, ...[name, version, address, abi]) =>
          register(call, { name, version, address, abi }),
      },
    ),
    native('selectByName(string name) view returns (string json)', {
      charges: ['OpenTable'],
      run({ tables, gas }, name) {
        const rows = systemTable(tables, SystemTableName.cns).select(name)
        // The price of a field is charged here, not that of a row.
        gas.charge('Set', rows.length)
        return describe(name, rows)
      },
    }),
    native('selectByNameAndVersion(string name, string version) view returns (string json)', {
      charges: ['OpenTable', 'EQ'],
      run(call, name, version) {
        const rows = ofVersion(call, name, version)
        call.gas.charge('Select', rows.length)
        return describe(name, rows.slice(0, 1))
      },
    }),
    native('getContractAddress(string name, string version) view returns (address)', {
      charges: ['OpenTable'],
      run(call, name, version) {
        const rows = ofVersion(call, name, version)
        call.gas.charge('Select', rows.length)
        return parseAddress(fieldOf(firstRow(rows), 'address')) ?? refuse()
      },
    }),
  ],
}
