import type { Address } from '@bcos-ts/protocol'
import { address0x } from '../client/hex.ts'
import { JsonReader, readList, readText } from '../json/read.ts'
import {
  NativeAddress,
  NativeContract,
  type NativeResult,
  type NativeUser,
} from './native-contract.ts'

/** Somebody with a part in governing the chain. */
export interface GovernanceMember {
  readonly address: string
  /** The first block in which it counts. */
  readonly enableNumber: number
}

/** A vote that is open. */
export interface Vote {
  readonly voter: string
  /** The last block in which it counts. */
  readonly blockLimit: number
}

export interface VotesOfMember {
  readonly grant: readonly Vote[]
  readonly revoke: readonly Vote[]
  readonly updateWeight: readonly (Vote & { readonly weight: string })[]
}

export type AccountState = 'available' | 'frozen' | 'nonexistent' | 'notAccount'

export interface AccountStatus {
  readonly state: AccountState
  /** The node's sentence. */
  readonly text: string
}

const WORDS: readonly (readonly [string, AccountState])[] = [
  ['frozen', 'frozen'],
  ['nonexistent', 'nonexistent'],
  ['not a account', 'notAccount'],
]

/**
 * Committee, operators and frozen accounts: `ChainGovernance` (spec 03 §3.9). What needs votes answers 1 when they
 * were enough and 0 while they are not. Codes: -52000 to -52012.
 */
export class Governance {
  readonly #contract: NativeContract

  constructor(user: NativeUser) {
    this.#contract = new NativeContract(user, NativeAddress.chainGovernance)
  }

  /** On a chain without a committee the first member is accepted without a vote. */
  grantCommitteeMember(account: Address): Promise<NativeResult> {
    return this.#about('grantCommitteeMember', account)
  }

  revokeCommitteeMember(account: Address): Promise<NativeResult> {
    return this.#about('revokeCommitteeMember', account)
  }

  listCommitteeMembers(): Promise<readonly GovernanceMember[]> {
    return this.#members('listCommitteeMembers()')
  }

  updateCommitteeMemberWeight(account: Address, weight: number): Promise<NativeResult> {
    return this.#contract.write({
      signature: 'updateCommitteeMemberWeight(address,int256)',
      values: [address0x(account), weight],
    })
  }

  /** `undefined` when the account is no member. */
  async queryCommitteeMemberWeight(account: Address): Promise<number | undefined> {
    const [isMember, weight] = await this.#contract.read({
      signature: 'queryCommitteeMemberWeight(address)',
      values: [address0x(account)],
      outputs: ['bool', 'int256'],
    })
    return isMember === true ? Number(weight) : undefined
  }

  /** Percent of the weights that a vote needs more than, 0 to 99. */
  updateThreshold(percent: number): Promise<NativeResult> {
    return this.#contract.write({ signature: 'updateThreshold(int256)', values: [percent] })
  }

  /** The reference cuts where it should round: 29, 57 and 58 come back as 28, 56 and 57. */
  async queryThreshold(): Promise<number> {
    const [percent] = await this.#contract.read({
      signature: 'queryThreshold()',
      values: [],
      outputs: ['int256'],
    })
    return Number(percent)
  }

  async queryVotesOfMember(account: Address): Promise<VotesOfMember> {
    const signature = 'queryVotesOfMember(address)'
    const values = [address0x(account)]
    const found = (await this.#contract.readJson({ signature, values })) ?? {}
    const json = new JsonReader(signature, found)
    const votes = <T>(name: string, read: (method: string, value: unknown) => T): T[] =>
      json.has(name) ? json.list(name, read) : []
    return {
      grant: votes('grant', readVote),
      revoke: votes('revoke', readVote),
      updateWeight: votes('update_weight', readWeightVote),
    }
  }

  /** Open votes by the threshold that they are for, as the chain writes it. */
  async queryVotesOfThreshold(): Promise<Readonly<Record<string, readonly Vote[]>>> {
    const signature = 'queryVotesOfThreshold()'
    const found = (await this.#contract.readJson({ signature, values: [] })) ?? {}
    const json = new JsonReader(signature, found)
    return Object.fromEntries(json.names().map((name) => [name, json.list(name, readVote)]))
  }

  grantOperator(account: Address): Promise<NativeResult> {
    return this.#about('grantOperator', account)
  }

  revokeOperator(account: Address): Promise<NativeResult> {
    return this.#about('revokeOperator', account)
  }

  listOperators(): Promise<readonly GovernanceMember[]> {
    return this.#members('listOperators()')
  }

  freezeAccount(account: Address): Promise<NativeResult> {
    return this.#about('freezeAccount', account)
  }

  unfreezeAccount(account: Address): Promise<NativeResult> {
    return this.#about('unfreezeAccount', account)
  }

  async getAccountStatus(account: Address): Promise<AccountStatus> {
    const [sentence] = await this.#contract.read({
      signature: 'getAccountStatus(address)',
      values: [address0x(account)],
      outputs: ['string'],
    })
    const text = String(sentence)
    return { state: WORDS.find(([word]) => text.includes(word))?.[1] ?? 'available', text }
  }

  #about(name: string, account: Address): Promise<NativeResult> {
    return this.#contract.write({ signature: `${name}(address)`, values: [address0x(account)] })
  }

  async #members(signature: string): Promise<readonly GovernanceMember[]> {
    const found = await this.#contract.readJson({ signature, values: [] })
    return readList(signature, found, readMember)
  }
}

function readMember(method: string, value: unknown): GovernanceMember {
  const json = new JsonReader(method, value)
  return { address: json.text('address'), enableNumber: json.number('enable_num') }
}

function readVote(method: string, value: unknown): Vote {
  const json = new JsonReader(method, value)
  return { voter: json.text('voter'), blockLimit: json.number('block_limit') }
}

function readWeightVote(method: string, value: unknown): Vote & { readonly weight: string } {
  const json = new JsonReader(method, value)
  return { ...readVote(method, value), weight: readText(method, json.raw('target')) }
}
