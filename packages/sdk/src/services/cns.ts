import { address0x } from '../client/hex.ts'
import { JsonReader, readList } from '../json/read.ts'
import {
  NativeAddress,
  NativeContract,
  type NativeResult,
  type NativeUser,
} from './native-contract.ts'

/** A contract under a name. */
export interface CnsEntry {
  readonly name: string
  readonly version: string
  /** As it was registered. */
  readonly address: string
  readonly abi: string
}

/** Names of contracts: `CNS` (spec 03 §3.5). */
export class Cns {
  readonly #contract: NativeContract

  constructor(user: NativeUser) {
    this.#contract = new NativeContract(user, NativeAddress.cns)
  }

  /** Codes: -50000, -50102 no address, -51200 the name has this version already, -51201 the version is too long. */
  registerCns(entry: CnsEntry): Promise<NativeResult> {
    const { name, version, address, abi } = entry
    return this.#contract.write({
      signature: 'insert(string,string,string,string)',
      values: [name, version, address0x(address), abi],
    })
  }

  selectByName(name: string): Promise<readonly CnsEntry[]> {
    return this.#select('selectByName(string)', [name])
  }

  /** At most one. */
  selectByNameAndVersion(name: string, version: string): Promise<readonly CnsEntry[]> {
    return this.#select('selectByNameAndVersion(string,string)', [name, version])
  }

  /** `0x` text. Throws `SDK_CALL_FAILED` when the name does not have the version. */
  async getContractAddress(name: string, version: string): Promise<string> {
    const [address] = await this.#contract.read({
      signature: 'getContractAddress(string,string)',
      values: [name, version],
      outputs: ['address'],
    })
    return String(address)
  }

  async #select(signature: string, values: readonly string[]): Promise<readonly CnsEntry[]> {
    return readList(signature, await this.#contract.readJson({ signature, values }), readEntry)
  }
}

function readEntry(method: string, value: unknown): CnsEntry {
  const json = new JsonReader(method, value)
  return {
    name: json.text('name'),
    version: json.text('version'),
    address: json.text('address'),
    abi: json.text('abi'),
  }
}
