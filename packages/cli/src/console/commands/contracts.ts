/**
 * Contracts by the name of their source and their address.
 * @module
 */
import { to0x, utf8 } from '@bcos-ts/common'
import { type AbiItem, selectorOf, signatureOf } from '@bcos-ts/protocol/abi'
import { isReadOnly } from '../abi-value.ts'
import type { ConsoleCommand } from '../command.ts'
import { callContract, deployContract } from '../contract-call.ts'
import type { Deployment } from '../deployments.ts'
import { ConsoleStateError } from '../errors.ts'
import { fields, type Output, table } from '../output.ts'
import type { Parameter } from '../parameter.ts'
import type { Session } from '../session.ts'

export const CONTRACT: Parameter = {
  name: 'contract',
  kind: 'contract',
  help: 'name of a contract in the folder of contracts, or the path of a .sol file',
}
export const FUNCTION: Parameter = {
  name: 'function',
  kind: 'function',
  help: 'name of the function; its signature, such as "set(uint256)", where several bear the name',
}
export const ARGUMENTS: Parameter = {
  name: 'arguments',
  kind: 'text',
  help: 'values with blanks between them: 5, true, 0x…, "a text", [1,2,3], ["a","b"]',
  isOptional: true,
  isRest: true,
}
const RECORDS: Parameter = {
  name: 'count',
  kind: 'number',
  help: 'how many at most (default: 20)',
  isOptional: true,
}
const RECORDS_DEFAULT = 20

/** The ABI of a contract at an address: as it was deployed from here, else as its source has it now. */
export async function abiOf(
  session: Session,
  contract: string,
  address: string,
): Promise<readonly AbiItem[]> {
  const known = await session.deployments.abi(await session.chainGroup(), address)
  return known ?? (await session.findContract(contract)).abi
}

/** The address that was given; that of the newest deployment for `latest`. Throws `CONSOLE_STATE`. */
export async function addressOf(
  session: Session,
  contract: string,
  given: string,
): Promise<string> {
  if (given !== 'latest') return given
  const name = nameOf(contract)
  const latest = await session.deployments.latest(await session.chainGroup(), name)
  if (latest !== undefined) return latest.address
  throw new ConsoleStateError(
    'latest',
    `${name} was not deployed from here on this group; deploy it, or give its address`,
  )
}

/** The name of the contract that a path leads to. */
export function nameOf(contract: string): string {
  return contract.replace(/^.*\//, '').replace(/\.(?:sol|abi|bin)$/, '')
}

function timeOf({ timeMs }: Deployment): string {
  return new Date(timeMs).toISOString().slice(0, 19).replace('T', ' ')
}

async function listAbi(session: Session, abi: readonly AbiItem[]): Promise<Output> {
  const suite = await session.suite()
  const functions = abi.filter(({ type }) => type === 'function')
  const events = abi.filter(({ type }) => type === 'event')
  const functionRows = functions.map((item) => [
    item.name ?? '',
    isReadOnly(item),
    to0x(selectorOf(signatureOf(item), suite)),
    signatureOf(item),
  ])
  const eventRows = events.map((item) => [
    item.name ?? '',
    to0x(suite.hash(utf8(signatureOf(item)))),
    signatureOf(item),
  ])
  return {
    kind: 'sections',
    sections: [
      [
        'Method list',
        table(['name', 'constant', 'methodId', 'signature'], functionRows, 'There is none.'),
      ],
      ['Event list', table(['name', 'topic', 'signature'], eventRows, 'There is none.')],
    ],
  }
}

export const CONTRACT_COMMANDS: readonly ConsoleCommand[] = [
  {
    name: 'deploy',
    theme: 'contracts',
    summary: 'compile a contract and deploy it',
    parameters: [CONTRACT, { ...ARGUMENTS, help: `${ARGUMENTS.help}, for the constructor` }],
    example: 'deploy HelloWorld',
    run: async (session, args) => {
      const compiled = await session.findContract(args.get('contract'))
      const { address, transactionHash } = await deployContract(session, compiled, args.rest)
      const account = await session.account()
      return fields([
        ['transaction hash', transactionHash],
        ['contract address', address],
        ['currentAccount', `0x${account.address}`],
      ])
    },
  },
  {
    name: 'call',
    theme: 'contracts',
    summary: 'call a function of a contract; one that changes something is a transaction',
    parameters: [
      CONTRACT,
      {
        name: 'contractAddress',
        kind: 'deployed',
        help: 'address of the contract, or latest for the one that was deployed last from here',
      },
      FUNCTION,
      ARGUMENTS,
    ],
    example: 'call HelloWorld latest set "Hello, BCOS"',
    run: async (session, args) => {
      const contract = args.get('contract')
      const address = await addressOf(session, contract, args.get('contractAddress'))
      return callContract(await session.user(), {
        abi: await abiOf(session, contract, address),
        address,
        function: args.get('function'),
        words: args.rest,
      })
    },
  },
  {
    name: 'listAbi',
    theme: 'contracts',
    summary: 'functions and events of a contract',
    parameters: [
      CONTRACT,
      {
        name: 'contractName',
        kind: 'text',
        help: 'which contract of the file (default: the one named like the file)',
        isOptional: true,
      },
    ],
    example: 'listAbi HelloWorld',
    run: async (session, args) => {
      const { abi } = await session.findContract(
        args.get('contract'),
        args.optional('contractName'),
      )
      return listAbi(session, abi)
    },
  },
  {
    name: 'getDeployLog',
    theme: 'contracts',
    summary: 'contracts that were deployed from here on this group, the newest first',
    parameters: [RECORDS],
    details: 'Times are in UTC.',
    example: 'getDeployLog 5',
    run: async (session, args) => {
      const all = await session.deployments.list(await session.chainGroup())
      const rows = all
        .slice(0, args.optionalNumber('count', RECORDS_DEFAULT))
        .map((one) => [timeOf(one), one.groupId, one.name, one.address])
      return table(['time', 'group', 'contract', 'address'], rows, 'Nothing was deployed yet.')
    },
  },
  {
    name: 'listDeployContractAddress',
    theme: 'contracts',
    summary: 'addresses of a contract that was deployed from here on this group, the newest first',
    parameters: [CONTRACT, RECORDS],
    details: 'Times are in UTC.',
    example: 'listDeployContractAddress HelloWorld 2',
    run: async (session, args) => {
      const name = nameOf(args.get('contract'))
      const all = await session.deployments.list(await session.chainGroup())
      const rows = all
        .filter((one) => one.name === name)
        .slice(0, args.optionalNumber('count', RECORDS_DEFAULT))
        .map((one) => [one.address, timeOf(one)])
      return table(['address', 'time'], rows, `${name} was not deployed from here yet.`)
    },
  },
]
