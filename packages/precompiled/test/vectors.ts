import { readFileSync } from 'node:fs'
import type { Operation } from '../src/index.ts'

/** An operation, or `mem=` with a number of bytes; and the sum so far. */
type GasStep = readonly [step: Operation | `mem=${number}`, total: number]

function read<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../vectors/${name}`, import.meta.url), 'utf8'))
}

export interface FunctionVectors {
  readonly codes: Readonly<Record<string, number>>
  readonly contracts: readonly {
    readonly name: string
    readonly address: number | null
    readonly countsCalldata: boolean
    readonly unknown: string
    readonly functions: readonly {
      readonly signature: string
      readonly keccak256: string
      readonly sm3: string
      readonly mutability: string
      readonly outputs: readonly string[]
    }[]
  }[]
}

export interface GovernanceStep {
  readonly call: readonly [name: string, ...values: (string | number)[]]
  readonly origin: string
  readonly contextBlockNumber: number
  readonly return: number | string | readonly (number | boolean)[]
}

export interface RuleVectors {
  readonly codes: readonly { readonly code: number; readonly word: string }[]
  readonly int256: readonly { readonly word: string; readonly value: string }[]
  readonly gas: {
    readonly standard: readonly GasStep[]
    readonly freeStorage: readonly GasStep[]
    readonly memoryOnly: readonly { readonly bytes: number; readonly gas: number }[]
  }
  readonly governance: readonly {
    readonly name: string
    readonly steps: readonly GovernanceStep[]
  }[]
  readonly thresholds: readonly {
    readonly set: number
    readonly stored: string
    readonly queryThreshold: number
  }[]
  readonly crud: {
    readonly keyArgument: string
    readonly steps: readonly {
      readonly fn: string
      readonly table?: string
      readonly entry?: string
      readonly condition?: string
      readonly rows?: number
      readonly return?: number | readonly string[] | Readonly<Record<string, number>>
    }[]
  }
  readonly crudSelectText: {
    readonly rows: readonly Readonly<Record<string, string>>[]
    readonly text: string
    readonly empty: string
  }
  readonly cnsSelectText: {
    readonly rows: readonly Readonly<Record<string, string>>[]
    readonly text: string
    readonly empty: string
  }
  readonly parallelSelectors: readonly {
    readonly functionName: string
    readonly selectorDecimalKeccak: string
    readonly selectorDecimalSM3: string
  }[]
  readonly hash: { readonly input: string; readonly sm3: string; readonly keccak256: string }
}

export const functionVectors: FunctionVectors = read('functions.json')
export const ruleVectors: RuleVectors = read('rules.json')
