/**
 * Gas that accounts have, on chains that account for it.
 * @module
 */
import { GasCharge } from '@bcos-ts/sdk'
import type { ConsoleCommand } from '../command.ts'
import { NotFoundError } from '../errors.ts'
import { resultOutput } from '../native.ts'
import { json, message } from '../output.ts'
import type { Parameter } from '../parameter.ts'
import type { Session } from '../session.ts'

const ACCOUNT: Parameter = { name: 'account', kind: 'address', help: 'address of the account' }
const AMOUNT: Parameter = { name: 'gas', kind: 'amount', help: 'units of gas' }
const ACCOUNT_EXAMPLE = '0x61d88abf7ce4a7f8479cff9cc1422bef2dac9b9a'
const DETAILS =
  'Chains account for gas after setSystemConfigByKey enable_charge_mgr on; only chargers may charge and deduct.'

async function gasCharge(session: Session): Promise<GasCharge> {
  return new GasCharge(await session.user())
}

function change(
  name: 'chargeGas' | 'deductGas',
  alias: 'charge' | 'deduct',
  summary: string,
): ConsoleCommand {
  return {
    name,
    aliases: [alias],
    theme: 'gas',
    summary,
    parameters: [ACCOUNT, AMOUNT],
    details: DETAILS,
    example: `${name} ${ACCOUNT_EXAMPLE} 1000000`,
    run: async (session, args) => {
      const service = await gasCharge(session)
      const result = await service[alias](args.get('account'), BigInt(args.get('gas')))
      return resultOutput(name, result, { remainGas: result.remainGas.toString() })
    },
  }
}

function charger(name: 'grantCharger' | 'revokeCharger', summary: string): ConsoleCommand {
  return {
    name,
    theme: 'gas',
    summary,
    parameters: [ACCOUNT],
    details: 'Only members of the committee may; it counts from the next block on.',
    example: `${name} ${ACCOUNT_EXAMPLE}`,
    run: async (session, args) =>
      resultOutput(name, await (await gasCharge(session))[name](args.get('account'))),
  }
}

export const GAS_COMMANDS: readonly ConsoleCommand[] = [
  change('chargeGas', 'charge', 'give gas to an account'),
  change('deductGas', 'deduct', 'take gas from an account'),
  {
    name: 'queryRemainGas',
    theme: 'gas',
    summary: 'gas that an account has',
    parameters: [ACCOUNT],
    example: `queryRemainGas ${ACCOUNT_EXAMPLE}`,
    run: async (session, args) => {
      const account = args.get('account')
      const gas = await (await gasCharge(session)).queryRemainGas(account)
      if (gas === undefined) {
        throw new NotFoundError(
          `gas of ${account}`,
          'the chain does not know the account, or it is a contract, or frozen',
        )
      }
      return message(gas.toString(), { account, remainGas: gas.toString() })
    },
  },
  charger('grantCharger', 'let an account give and take gas'),
  charger('revokeCharger', 'take from an account the permission to give and take gas'),
  {
    name: 'listChargers',
    theme: 'gas',
    summary: 'who may give and take gas',
    parameters: [],
    example: 'listChargers',
    run: async (session) => json(await (await gasCharge(session)).listChargers()),
  },
]
