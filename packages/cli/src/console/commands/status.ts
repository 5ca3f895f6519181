/**
 * Frozen contracts and frozen accounts.
 * @module
 */
import { ContractLifeCycle, Governance, type NativeResult } from '@bcos-ts/sdk'
import type { Arguments } from '../arguments.ts'
import type { ConsoleCommand } from '../command.ts'
import { resultOutput } from '../native.ts'
import { json, message, type Output } from '../output.ts'
import type { Parameter } from '../parameter.ts'
import type { Session } from '../session.ts'

const CONTRACT: Parameter = {
  name: 'contractAddress',
  kind: 'address',
  help: 'address of the contract',
}
const ACCOUNT: Parameter = { name: 'account', kind: 'address', help: 'address of the account' }
const CONTRACT_EXAMPLE = '0x30d2a17b6819f0d77f26dd3a9711ae75c291f7f1'
const ACCOUNT_EXAMPLE = '0x965ebffc38b309fa706b809017f360d4f6de909a'

interface Description {
  readonly name: string
  readonly summary: string
  readonly details?: string
}

async function lifeCycle(session: Session): Promise<ContractLifeCycle> {
  return new ContractLifeCycle(await session.user())
}

async function governance(session: Session): Promise<Governance> {
  return new Governance(await session.user())
}

function ofContract(
  description: Description,
  run: (session: Session, args: Arguments) => Promise<Output>,
  others: readonly Parameter[] = [],
): ConsoleCommand {
  const examples = [description.name, CONTRACT_EXAMPLE, ...others.map(() => ACCOUNT_EXAMPLE)]
  return {
    ...description,
    theme: 'status of contracts and accounts',
    parameters: [CONTRACT, ...others],
    example: examples.join(' '),
    run,
  }
}

function ofAccount(
  description: Description,
  run: (session: Session, account: string) => Promise<Output>,
): ConsoleCommand {
  return {
    ...description,
    theme: 'status of contracts and accounts',
    parameters: [ACCOUNT],
    example: `${description.name} ${ACCOUNT_EXAMPLE}`,
    run: async (session, args) => run(session, args.get('account')),
  }
}

/** A change of one contract, by whoever manages it. */
function change(
  name: string,
  summary: string,
  perform: (cycle: ContractLifeCycle, contract: string) => Promise<NativeResult>,
): ConsoleCommand {
  return ofContract(
    { name, summary, details: 'Only managers of the contract may: who deployed it is one.' },
    async (session, args) =>
      resultOutput(name, await perform(await lifeCycle(session), args.get('contractAddress'))),
  )
}

function changeManager(
  name: string,
  summary: string,
  perform: (cycle: ContractLifeCycle, contract: string, account: string) => Promise<NativeResult>,
): ConsoleCommand {
  return ofContract(
    { name, summary },
    async (session, args) => {
      const [contract, account] = [args.get('contractAddress'), args.get('account')]
      return resultOutput(name, await perform(await lifeCycle(session), contract, account))
    },
    [ACCOUNT],
  )
}

export const STATUS_COMMANDS: readonly ConsoleCommand[] = [
  change('freezeContract', 'stop a contract: nobody can call it', async (cycle, contract) =>
    cycle.freeze(contract),
  ),
  change('unfreezeContract', 'let a frozen contract go on', async (cycle, contract) =>
    cycle.unfreeze(contract),
  ),
  ofContract(
    { name: 'getContractStatus', summary: 'whether a contract is frozen' },
    async (session, args) => {
      const status = await (await lifeCycle(session)).getStatus(args.get('contractAddress'))
      return message(status.text, { state: status.state, text: status.text })
    },
  ),
  changeManager(
    'grantContractStatusManager',
    'let an account freeze a contract too',
    async (cycle, contract, account) => cycle.grantManager(contract, account),
  ),
  changeManager(
    'revokeContractStatusManager',
    'take from an account the permission to freeze a contract',
    async (cycle, contract, account) => cycle.revokeManager(contract, account),
  ),
  ofContract(
    { name: 'listContractStatusManager', summary: 'who may freeze a contract' },
    async (session, args) =>
      json(await (await lifeCycle(session)).listManager(args.get('contractAddress'))),
  ),
  ofAccount(
    {
      name: 'freezeAccount',
      summary: 'stop an account: nothing that it sends is carried out',
      details: 'Only the committee may, and only for accounts that the chain knows.',
    },
    async (session, account) =>
      resultOutput('freezeAccount', await (await governance(session)).freezeAccount(account)),
  ),
  ofAccount(
    { name: 'unfreezeAccount', summary: 'let a frozen account go on' },
    async (session, account) =>
      resultOutput('unfreezeAccount', await (await governance(session)).unfreezeAccount(account)),
  ),
  ofAccount(
    { name: 'getAccountStatus', summary: 'whether an account is frozen' },
    async (session, account) => {
      const status = await (await governance(session)).getAccountStatus(account)
      return message(status.text, { state: status.state, text: status.text })
    },
  ),
]
