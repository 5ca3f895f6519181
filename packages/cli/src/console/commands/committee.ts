/**
 * The committee that governs a chain, its votes, and its operators.
 * @module
 */
import { Governance, type GovernanceMember, type NativeResult } from '@bcos-ts/sdk'
import type { ConsoleCommand } from '../command.ts'
import { ArgumentError, NotFoundError } from '../errors.ts'
import { resultOutput, voteOutput } from '../native.ts'
import { json, message, type Output, table, toJson } from '../output.ts'
import type { Parameter } from '../parameter.ts'
import type { Session } from '../session.ts'

const ACCOUNT: Parameter = { name: 'account', kind: 'address', help: 'address of the account' }
const ACCOUNT_EXAMPLE = '0x61d88abf7ce4a7f8479cff9cc1422bef2dac9b9a'

async function governance(session: Session): Promise<Governance> {
  return new Governance(await session.user())
}

interface About {
  readonly name: string
  readonly summary: string
  readonly details?: string
}

/** Something that is done to one account. */
function aboutAccount(
  about: About,
  run: (governance: Governance, account: string) => Promise<Output>,
): ConsoleCommand {
  return {
    ...about,
    theme: 'committee',
    parameters: [ACCOUNT],
    example: `${about.name} ${ACCOUNT_EXAMPLE}`,
    run: async (session, args) => run(await governance(session), args.get('account')),
  }
}

function vote(
  name: string,
  summary: string,
  perform: (governance: Governance, account: string) => Promise<NativeResult>,
): ConsoleCommand {
  const details =
    'Each member of the committee votes by this command; it is done when the votes are enough.'
  return aboutAccount({ name, summary, details }, async (chain, account) =>
    voteOutput(name, await perform(chain, account)),
  )
}

function listOf(
  name: string,
  summary: string,
  ask: (governance: Governance) => Promise<readonly GovernanceMember[]>,
): ConsoleCommand {
  return {
    name,
    theme: 'committee',
    summary,
    parameters: [],
    example: name,
    run: async (session) => {
      const members = await ask(await governance(session))
      const rows = members.map(({ address, enableNumber }) => [address, enableNumber])
      return table(['address', 'enable_num'], rows, 'There is none.')
    },
  }
}

export const COMMITTEE_COMMANDS: readonly ConsoleCommand[] = [
  vote(
    'grantCommitteeMember',
    'vote for an account as member of the committee; without a committee it is the first',
    async (chain, account) => chain.grantCommitteeMember(account),
  ),
  vote(
    'revokeCommitteeMember',
    'vote for an account to leave the committee',
    async (chain, account) => chain.revokeCommitteeMember(account),
  ),
  listOf('listCommitteeMembers', 'members of the committee', async (chain) =>
    chain.listCommitteeMembers(),
  ),
  {
    name: 'updateCommitteeMemberWeight',
    theme: 'committee',
    summary: 'vote for another weight of the votes of a member',
    parameters: [ACCOUNT, { name: 'weight', kind: 'number', help: 'the new weight, from 1 on' }],
    example: `updateCommitteeMemberWeight ${ACCOUNT_EXAMPLE} 2`,
    run: async (session, args) => {
      const chain = await governance(session)
      const [account, weight] = [args.get('account'), args.number('weight')]
      return voteOutput(
        'updateCommitteeMemberWeight',
        await chain.updateCommitteeMemberWeight(account, weight),
      )
    },
  },
  aboutAccount(
    { name: 'queryCommitteeMemberWeight', summary: 'the weight of the votes of a member' },
    async (chain, account) => {
      const weight = await chain.queryCommitteeMemberWeight(account)
      if (weight === undefined) {
        throw new NotFoundError(`member ${account}`, 'listCommitteeMembers tells who is one')
      }
      return message(`Account: ${account} Weight: ${weight}`, { account, weight })
    },
  ),
  {
    name: 'updateThreshold',
    theme: 'committee',
    summary: 'vote for another threshold of votes',
    parameters: [
      {
        name: 'threshold',
        kind: 'number',
        help: 'percent of all weights that a vote needs more than, 0 to 99',
      },
    ],
    example: 'updateThreshold 75',
    run: async (session, args) => {
      const percent = args.number('threshold')
      if (percent > 99) {
        throw new ArgumentError('updateThreshold', 'threshold', 'the threshold is 0 to 99')
      }
      return voteOutput(
        'updateThreshold',
        await (await governance(session)).updateThreshold(percent),
      )
    },
  },
  {
    name: 'queryThreshold',
    theme: 'committee',
    summary: 'percent of all weights that a vote needs more than',
    parameters: [],
    example: 'queryThreshold',
    run: async (session) => {
      const percent = await (await governance(session)).queryThreshold()
      return message(`Effective threshold : ${percent}%`, { threshold: percent })
    },
  },
  aboutAccount(
    { name: 'queryVotesOfMember', summary: 'open votes about an account' },
    async (chain, account) => json(toJson(await chain.queryVotesOfMember(account))),
  ),
  {
    name: 'queryVotesOfThreshold',
    theme: 'committee',
    summary: 'open votes about the threshold',
    parameters: [],
    example: 'queryVotesOfThreshold',
    run: async (session) => json(toJson(await (await governance(session)).queryVotesOfThreshold())),
  },
  aboutAccount(
    {
      name: 'grantOperator',
      summary: 'make an account an operator: it may deploy, create tables and register names',
      details: 'Only members of the committee may.',
    },
    async (chain, account) => resultOutput('grantOperator', await chain.grantOperator(account)),
  ),
  aboutAccount(
    { name: 'revokeOperator', summary: 'make an operator an account like any other' },
    async (chain, account) => resultOutput('revokeOperator', await chain.revokeOperator(account)),
  ),
  listOf('listOperators', 'operators of the chain', async (chain) => chain.listOperators()),
]
