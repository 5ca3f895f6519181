/**
 * TypeScript types of what an ABI describes, for an ABI that is written `as const`. A wide `AbiItem[]` takes and
 * gives any value that the codec knows.
 * @module
 */
import type { AbiItem, AbiParameter, AbiValue, DecodedAbiValue } from '@bcos-ts/protocol/abi'

export type Abi = readonly AbiItem[]

/** Whether the ABI's entries are not known to the compiler. */
type IsWide<TAbi extends Abi> = number extends TAbi['length'] ? true : false

type FunctionsOf<TAbi extends Abi> = Extract<TAbi[number], { readonly type: 'function' }>
type EventsOf<TAbi extends Abi> = Extract<TAbi[number], { readonly type: 'event' }>
type ConstructorOf<TAbi extends Abi> = Extract<TAbi[number], { readonly type: 'constructor' }>

type NameOf<TItem> = TItem extends { readonly name: infer TName extends string } ? TName : never
type InputsOf<TItem> = TItem extends { readonly inputs: infer T extends readonly AbiParameter[] }
  ? T
  : readonly []
type OutputsOf<TItem> = TItem extends { readonly outputs: infer T extends readonly AbiParameter[] }
  ? T
  : readonly []

/** `set(uint256,string)`, the form that names one of several functions of a name. */
type SignatureOf<TItem> = TItem extends AbiItem
  ? `${NameOf<TItem>}(${TypesOf<InputsOf<TItem>>})`
  : never
type TypesOf<T extends readonly AbiParameter[]> = T extends readonly [
  infer TFirst extends AbiParameter,
  ...infer TRest extends readonly AbiParameter[],
]
  ? `${TypeText<TFirst>}${TRest extends readonly [] ? '' : `,${TypesOf<TRest>}`}`
  : ''
type TypeText<T extends AbiParameter> = T['type'] extends `tuple${infer TArray}`
  ? `(${TypesOf<ComponentsOf<T>>})${TArray}`
  : T['type']
type ComponentsOf<T extends AbiParameter> = T extends {
  readonly components: infer TComponents extends readonly AbiParameter[]
}
  ? TComponents
  : readonly []

/** What names a function: its name, or its whole signature. */
export type FunctionName<TAbi extends Abi> =
  IsWide<TAbi> extends true ? string : NameOf<FunctionsOf<TAbi>> | SignatureOf<FunctionsOf<TAbi>>

export type EventName<TAbi extends Abi> =
  IsWide<TAbi> extends true ? string : NameOf<EventsOf<TAbi>>

/** The functions of a name or signature; several when it is overloaded. */
type FunctionNamed<TAbi extends Abi, TName extends string> =
  FunctionsOf<TAbi> extends infer TItem
    ? TItem extends AbiItem
      ? TName extends NameOf<TItem> | SignatureOf<TItem>
        ? TItem
        : never
      : never
    : never

/** Arguments of a function. */
export type FunctionArguments<TAbi extends Abi, TName extends string> =
  IsWide<TAbi> extends true
    ? readonly AbiArgument[]
    : ArgumentsOf<InputsOf<FunctionNamed<TAbi, TName>>>

/** What a function returns, as a list. */
export type FunctionResults<TAbi extends Abi, TName extends string> =
  IsWide<TAbi> extends true
    ? readonly DecodedAbiValue[]
    : ResultsOf<OutputsOf<FunctionNamed<TAbi, TName>>>

/** Arguments of the constructor. */
export type ConstructorArguments<TAbi extends Abi> =
  IsWide<TAbi> extends true
    ? readonly AbiArgument[]
    : [ConstructorOf<TAbi>] extends [never]
      ? readonly []
      : ArgumentsOf<InputsOf<ConstructorOf<TAbi>>>

/** Values of an event by their names. */
export type EventArguments<TAbi extends Abi, TName extends string> =
  IsWide<TAbi> extends true
    ? Readonly<Record<string, DecodedAbiValue>>
    : EventValues<InputsOf<Extract<EventsOf<TAbi>, { readonly name: TName }>>>

type EventValues<T extends readonly AbiParameter[]> = {
  readonly [TParameter in T[number] as TParameter['name']]: ResultOf<TParameter>
}

/** A value for a parameter; a tuple is a list, or an object with the names of its parts. */
export type AbiArgument =
  | AbiValue
  | readonly AbiArgument[]
  | { readonly [name: string]: AbiArgument }

type ArgumentsOf<T extends readonly AbiParameter[]> = {
  readonly [TIndex in keyof T]: ArgumentOf<T[TIndex]>
}
type ResultsOf<T extends readonly AbiParameter[]> = {
  readonly [TIndex in keyof T]: ResultOf<T[TIndex]>
}

type ArgumentOf<T extends AbiParameter> = ArgumentOfType<T['type'], ComponentsOf<T>>
type ArgumentOfType<
  TType extends string,
  TParts extends readonly AbiParameter[],
> = TType extends `${infer TItem}[${string}]`
  ? readonly ArgumentOfType<TItem, TParts>[]
  : TType extends 'tuple'
    ?
        | ArgumentsOf<TParts>
        | { readonly [TPart in TParts[number] as TPart['name']]: ArgumentOf<TPart> }
    : TType extends `${'u' | ''}int${string}`
      ? bigint | number
      : TType extends 'bool'
        ? boolean
        : TType extends 'address' | 'string' | `bytes${string}`
          ? string | Uint8Array
          : AbiArgument

type ResultOf<T extends AbiParameter> = ResultOfType<T['type'], ComponentsOf<T>>
type ResultOfType<
  TType extends string,
  TParts extends readonly AbiParameter[],
> = TType extends `${infer TItem}[${string}]`
  ? readonly ResultOfType<TItem, TParts>[]
  : TType extends 'tuple'
    ? ResultsOf<TParts>
    : TType extends `${'u' | ''}int${string}`
      ? bigint
      : TType extends 'bool'
        ? boolean
        : TType extends 'address' | 'string' | `bytes${string}`
          ? string
          : DecodedAbiValue
