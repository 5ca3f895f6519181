import { InvalidAbiError } from '@bcos-ts/protocol'
import type { AbiParameter, AbiValue } from '@bcos-ts/protocol/abi'
import type { AbiArgument } from './abi-types.ts'

/** Arguments as the codec takes them: tuples that were given by names become lists. */
export function toAbiValues(
  parameters: readonly AbiParameter[],
  args: readonly AbiArgument[],
): AbiValue[] {
  return args.map((argument, index) => {
    const parameter = parameters[index]
    return parameter === undefined ? plain(argument) : toAbiValue(parameter, argument)
  })
}

function toAbiValue(parameter: AbiParameter, argument: AbiArgument): AbiValue {
  const { type, components } = parameter
  if (components === undefined) return plain(argument)
  if (type.endsWith(']')) {
    const item = { ...parameter, type: type.slice(0, type.lastIndexOf('[')) }
    return isList(argument) ? argument.map((one) => toAbiValue(item, one)) : plain(argument)
  }
  if (isList(argument)) return toAbiValues(components, argument)
  if (!isNamed(argument)) return plain(argument)
  return components.map((part) => {
    const value = argument[part.name]
    if (value === undefined) throw new InvalidAbiError(type, `${part.name} is missing`)
    return toAbiValue(part, value)
  })
}

function plain(argument: AbiArgument): AbiValue {
  if (isNamed(argument)) throw new InvalidAbiError('argument', 'an object is no value of this type')
  return isList(argument) ? argument.map(plain) : argument
}

function isList(argument: AbiArgument): argument is readonly AbiArgument[] {
  return Array.isArray(argument)
}

function isNamed(argument: AbiArgument): argument is { readonly [name: string]: AbiArgument } {
  return (
    typeof argument === 'object' && !Array.isArray(argument) && !(argument instanceof Uint8Array)
  )
}
