/**
 * Contracts by a name that the chain keeps (CNS).
 * @module
 */
import { parseAbi } from '@bcos-ts/protocol/abi'
import { Cns, type CnsEntry } from '@bcos-ts/sdk'
import type { ConsoleCommand } from '../command.ts'
import { callContract, deployContract } from '../contract-call.ts'
import { NotFoundError } from '../errors.ts'
import { accepted, resultOutput } from '../native.ts'
import { fields, table } from '../output.ts'
import type { Parameter } from '../parameter.ts'
import type { Session } from '../session.ts'
import { abiOf, ARGUMENTS, CONTRACT, FUNCTION, nameOf } from './contracts.ts'

const VERSION: Parameter = {
  name: 'version',
  kind: 'text',
  help: 'version of the contract, such as 1.0',
}

async function cns(session: Session): Promise<Cns> {
  return new Cns(await session.user())
}

/** The contract of `NAME:VERSION`; of `NAME` alone that which was registered last. */
async function entryOf(session: Session, nameAndVersion: string): Promise<CnsEntry> {
  const [name = '', version] = nameAndVersion.split(':')
  const registry = await cns(session)
  const entries =
    version === undefined
      ? await registry.selectByName(name)
      : await registry.selectByNameAndVersion(name, version)
  const last = entries.at(-1)
  if (last !== undefined) return last
  throw new NotFoundError(
    `contract ${nameAndVersion} in CNS`,
    'deployByCNS and registerCNS register contracts, queryCNS NAME tells the versions',
  )
}

export const CNS_COMMANDS: readonly ConsoleCommand[] = [
  {
    name: 'deployByCNS',
    theme: 'contracts',
    summary: 'compile a contract, deploy it and register it under its name (CNS)',
    parameters: [
      CONTRACT,
      VERSION,
      { ...ARGUMENTS, help: `${ARGUMENTS.help}, for the constructor` },
    ],
    example: 'deployByCNS HelloWorld 1.0',
    run: async (session, args) => {
      const compiled = await session.findContract(args.get('contract'))
      const { name, abi } = compiled
      const version = args.get('version')
      const registry = await cns(session)
      const [taken] = await registry.selectByNameAndVersion(name, version)
      if (taken !== undefined) {
        // Found out before anything is deployed that nobody could reach by its name.
        const refusal = { code: -51_200, message: `${name}:${version} is registered already` }
        accepted('deployByCNS', refusal)
      }
      const { address, transactionHash } = await deployContract(session, compiled, args.rest)
      const entry = { name, version, address, abi: JSON.stringify(abi) }
      const { code, message } = accepted('deployByCNS', await registry.registerCns(entry))
      return fields([
        ['transaction hash', transactionHash],
        ['contract address', address],
        ['code', code],
        ['msg', message],
      ])
    },
  },
  {
    name: 'registerCNS',
    theme: 'contracts',
    summary: 'register a contract that is deployed under its name (CNS)',
    parameters: [
      CONTRACT,
      { name: 'contractAddress', kind: 'address', help: 'address of the contract' },
      VERSION,
    ],
    example: 'registerCNS HelloWorld 0xf19a7ec01f0b1adb16a033f0a30fb321ec6edcbf v1.0.0',
    run: async (session, args) => {
      const [contract, address] = [args.get('contract'), args.get('contractAddress')]
      const abi = JSON.stringify(await abiOf(session, contract, address))
      const entry = { name: nameOf(contract), version: args.get('version'), address, abi }
      return resultOutput('registerCNS', await (await cns(session)).registerCns(entry))
    },
  },
  {
    name: 'queryCNS',
    theme: 'contracts',
    summary: 'versions and addresses of a name (CNS)',
    parameters: [CONTRACT, { ...VERSION, isOptional: true }],
    example: 'queryCNS HelloWorld',
    run: async (session, args) => {
      const name = nameOf(args.get('contract'))
      const version = args.optional('version')
      const registry = await cns(session)
      const entries =
        version === undefined
          ? await registry.selectByName(name)
          : await registry.selectByNameAndVersion(name, version)
      const rows = entries.map((entry) => [entry.version, entry.address])
      return table(['version', 'address'], rows, `${name} is not registered.`)
    },
  },
  {
    name: 'callByCNS',
    theme: 'contracts',
    summary: 'call a function of a contract by the name of the contract (CNS)',
    parameters: [
      {
        name: 'contractAndVersion',
        kind: 'contract',
        help: 'NAME:VERSION, or NAME for the version that was registered last',
      },
      FUNCTION,
      ARGUMENTS,
    ],
    example: 'callByCNS HelloWorld:1.0 set "Hello, CNS"',
    run: async (session, args) => {
      const { address, abi } = await entryOf(session, args.get('contractAndVersion'))
      return callContract(await session.user(), {
        abi: parseAbi(abi),
        address,
        function: args.get('function'),
        words: args.rest,
      })
    },
  },
]
