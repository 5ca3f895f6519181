/**
 * WorkingSealerManager 0x1011 (spec 03 §3.12): how an rPBFT chain changes its working sealers, by lot.
 * @module
 */
import { type ByteText, bytesToBigInt, fromHex, isHex, toHex, utf8 } from '@bcos-ts/common'
import { type NodeId, sortNodeIds, SystemTableName } from '@bcos-ts/protocol'
import type { Table } from '@bcos-ts/protocol/ports'
import { native, type NativeContract, type NativeFrame } from '../framework/declaration.ts'
import { refuse } from '../framework/refusal.ts'
import { claimOf, type NativeCrypto } from '../native-crypto.ts'
import { parseSigned } from '../numbers.ts'
import { prefixed } from './access-rows.ts'
import { NODE_KEY, NodeType, nodesOfType } from './consensus.ts'
import { fieldOf, newRow, systemTable, where } from './rows.ts'
import {
  committedConfig,
  type ConfigSetting,
  ConfigKey,
  currentConfig,
  writeConfig,
} from './system-config.ts'

interface Sealers {
  readonly table: Table
  readonly waiting: readonly NodeId[]
  readonly working: readonly NodeId[]
}

/** Refuses a rotation. The reference puts its compiler's diagnostics into this text, which nobody can repeat. */
function refuseRotation({ origin }: NativeFrame, reason: string): never {
  refuse(`rotateWorkingSealer exceptioned, error info:${reason} , origin:${prefixed(origin)}`)
}

function readSealers({ tables, blockNumber }: NativeFrame): Sealers {
  const table = systemTable(tables, SystemTableName.consensus)
  const inForce = (type: string): readonly NodeId[] => {
    const ids: NodeId[] = []
    for (const row of nodesOfType(tables, table, type)) {
      if (Number(fieldOf(row, 'enable_num')) >= blockNumber) continue
      const id = fieldOf(row, 'node_id')
      // Consensus takes any 128 characters for a node. The first that is none ends the list.
      if (!isHex(id)) break
      ids.push(id)
    }
    return ids
  }
  return { table, waiting: inForce(NodeType.sealer), working: inForce(NodeType.workingSealer) }
}

function numberOf(call: NativeFrame, key: string, setting: ConfigSetting | undefined): number {
  const number = parseSigned(setting?.value ?? '', 64)
  return number === undefined ? refuseRotation(call, `no number in ${key}`) : Number(number)
}

interface Plan {
  /** How many working sealers the chain wants. */
  readonly wanted: number
  readonly isNotified: boolean
  readonly isDue: boolean
}

function planOf(call: NativeFrame, { waiting, working }: Sealers): Plan {
  const { tables, blockNumber } = call
  const parent = blockNumber - 1
  const notice = currentConfig(tables, ConfigKey.notifyRotate)
  const isNotified = notice !== undefined && numberOf(call, ConfigKey.notifyRotate, notice) !== 0
  const size = currentConfig(tables, ConfigKey.rpbftEpochSealerNum)
  const wanted = numberOf(call, ConfigKey.rpbftEpochSealerNum, size)
  const isEarly =
    isNotified ||
    size?.enableNumber === parent ||
    working.length < Math.min(wanted, waiting.length + working.length)
  return { wanted, isNotified, isDue: isEarly || isEpochEnd(call, parent) }
}

/** Counted from the block that set the length of an epoch. */
function isEpochEnd(call: NativeFrame, parent: number): boolean {
  const epoch = committedConfig(call.tables, ConfigKey.rpbftEpochBlockNum)
  const blocks = numberOf(call, ConfigKey.rpbftEpochBlockNum, epoch)
  return (parent - (epoch?.enableNumber ?? 0)) % blocks === 0
}

/** Digits of either case, with or without `0x`, an odd number of them counting from the right. */
function isHashText(text: ByteText, hash: Uint8Array): boolean {
  const digits = text.replace(/^0x/, '').toLowerCase()
  return digits.padStart(digits.length + (digits.length % 2), '0') === toHex(hash)
}

interface Rotation {
  readonly publicKey: ByteText
  readonly input: ByteText
  readonly proof: ByteText
}

/** The lot: 32 bytes that nobody could choose, drawn by one who may draw. */
function draw(
  call: NativeFrame,
  { working }: Sealers,
  { crypto, rotation }: { readonly crypto: NativeCrypto; readonly rotation: Rotation },
): bigint {
  if (!isHashText(rotation.input, call.parentHash)) {
    refuseRotation(call, 'Invalid VRFInput, must be the parentHash!')
  }
  const claim = claimOf(rotation)
  const random = claim && crypto.verifyVrf(claim)
  if (random === undefined) refuseRotation(call, 'Verify VRF proof failed!')
  const mayDraw = working.some((id) => toHex(call.suite.address(fromHex(id))) === call.origin)
  if (working.length > 0 && !mayDraw) {
    refuseRotation(call, 'Permission denied, must be among the working sealer list!')
  }
  return bytesToBigInt(random)
}

/** How many go and how many come; one of each when the number is right and somebody waits. */
function exchange(
  { waiting, working }: Sealers,
  wanted: number,
): readonly [out: number, into: number] {
  const size = Math.min(wanted, waiting.length + working.length)
  const difference = size - working.length
  if (difference !== 0) return [Math.max(-difference, 0), Math.max(difference, 0)]
  return waiting.length === 0 ? [0, 0] : [1, 1]
}

/** The first nodes of the list shuffled by the lot. */
function choose(
  { suite }: NativeFrame,
  ids: readonly NodeId[],
  { count, lot }: { readonly count: number; readonly lot: bigint },
): readonly NodeId[] {
  const shuffled = sortNodeIds(ids)
  let random = lot
  for (let last = shuffled.length - 1; last > 0; last--) {
    const chosen = Number(random % BigInt(last + 1))
    const moved = shuffled[last] ?? ''
    shuffled[last] = shuffled[chosen] ?? ''
    shuffled[chosen] = moved
    random = bytesToBigInt(suite.hash(utf8(String(chosen))))
  }
  return shuffled.slice(0, count)
}

function setType(
  { tables, blockNumber }: NativeFrame,
  table: Table,
  [id, type]: readonly [id: NodeId, type: string],
): void {
  const row = newRow(tables, { type, name: NODE_KEY, enable_num: String(blockNumber) })
  table.update(NODE_KEY, row, { condition: where(tables, 'node_id', id), writer: undefined })
}

function rotate(call: NativeFrame, crypto: NativeCrypto, rotation: Rotation): void {
  const sealers = readSealers(call)
  const { waiting, working, table } = sealers
  const { wanted, isNotified, isDue } = planOf(call, sealers)
  if (!isDue) return
  const lot = draw(call, sealers, { crypto, rotation })
  if (isNotified) writeConfig(call, { key: ConfigKey.notifyRotate, value: '0' }, undefined)
  if (waiting.length + working.length <= 1) return
  const [out, into] = exchange(sealers, wanted)
  for (const id of choose(call, working, { count: out, lot })) {
    setType(call, table, [id, NodeType.sealer])
  }
  for (const id of choose(call, waiting, { count: into, lot })) {
    setType(call, table, [id, NodeType.workingSealer])
  }
}

export function workingSealerManager(crypto: NativeCrypto): NativeContract {
  return {
    name: 'WorkingSealerManager',
    address: 0x1011,
    summary: 'How an rPBFT chain changes its working sealers, by lot.',
    memory: 'output',
    unknown: 'empty',
    functions: [
      native('rotateWorkingSealer(string publicKey, string input, string proof)', {
        permission: 'an account of a working sealer; sent by the leader as first of a block',
        // The reference hashes the text of its own code.
        selectorText: 'rotateWorkingSealer(std::string, std::string, std::string)',
        run: (call, publicKey, input, proof) => rotate(call, crypto, { publicKey, input, proof }),
      }),
    ],
  }
}
