import { InvalidAbiError } from '../errors.ts'

/** A parsed ABI type. */
export type AbiType =
  | { readonly kind: 'uint' | 'int'; readonly bits: number }
  | { readonly kind: 'address' | 'bool' | 'bytes' | 'string' }
  | { readonly kind: 'fixedBytes'; readonly length: number }
  | { readonly kind: 'array'; readonly item: AbiType; readonly length: number | undefined }
  | {
      readonly kind: 'tuple'
      readonly items: readonly AbiType[]
      readonly names: readonly string[]
    }

/** A parameter as an ABI file describes it. */
export interface AbiParameter {
  readonly name: string
  readonly type: string
  readonly indexed?: boolean
  readonly components?: readonly AbiParameter[]
}

const INTEGER = /^(u?int)(\d*)$/
const FIXED_BYTES = /^bytes(\d+)$/
const ARRAY = /^(.*)\[(\d*)\]$/

/** Parses `uint256[]`, `bytes32`, `tuple` with components. Throws {@link InvalidAbiError}. */
export function parseAbiType(parameter: string | AbiParameter): AbiType {
  const { type, components } =
    typeof parameter === 'string' ? { type: parameter, components: undefined } : parameter
  const array = ARRAY.exec(type)
  if (array !== null) {
    const [, item = '', length = ''] = array
    return {
      kind: 'array',
      item: parseAbiType({ name: '', type: item, ...(components && { components }) }),
      length: length === '' ? undefined : Number(length),
    }
  }
  if (type === 'tuple') {
    if (components === undefined) throw new InvalidAbiError(type, 'its components are missing')
    return {
      kind: 'tuple',
      items: components.map(parseAbiType),
      names: components.map(({ name }) => name),
    }
  }
  return parseElementary(type)
}

const PLAIN: ReadonlyMap<string, AbiType> = new Map(
  (['address', 'bool', 'bytes', 'string'] as const).map((kind) => [kind, { kind }]),
)

function parseElementary(type: string): AbiType {
  const plain = PLAIN.get(type)
  if (plain !== undefined) return plain
  const [, sign, digits] = INTEGER.exec(type) ?? []
  if (sign !== undefined) {
    const bits = digits === '' ? 256 : Number(digits)
    if (bits < 8 || bits > 256 || bits % 8 !== 0) throw new InvalidAbiError(type, 'no such width')
    return { kind: sign === 'uint' ? 'uint' : 'int', bits }
  }
  const length = Number(FIXED_BYTES.exec(type)?.[1] ?? 0)
  if (length >= 1 && length <= 32) return { kind: 'fixedBytes', length }
  throw new InvalidAbiError(type, 'no such type')
}

/** Whether values of the type stand in the tail behind an offset. */
export function isDynamic(type: AbiType): boolean {
  switch (type.kind) {
    case 'bytes':
    case 'string':
      return true
    case 'array':
      return type.length === undefined || isDynamic(type.item)
    case 'tuple':
      return type.items.some(isDynamic)
    default:
      return false
  }
}

/** Bytes that a value of the type takes in the head. */
export function headBytes(type: AbiType): number {
  if (isDynamic(type)) return 32
  if (type.kind === 'array') return (type.length ?? 0) * headBytes(type.item)
  if (type.kind === 'tuple') return type.items.reduce((sum, item) => sum + headBytes(item), 0)
  return 32
}

/** The type as it stands in a signature: `(uint256,string)[]` for tuples. */
export function canonicalType(parameter: AbiParameter): string {
  if (!parameter.type.startsWith('tuple')) {
    return parameter.type.replace(/^(u?int)(?=\[|$)/, '$1256')
  }
  const inner = (parameter.components ?? []).map(canonicalType).join(',')
  return `(${inner})${parameter.type.slice('tuple'.length)}`
}
