import { parseEndpointText } from '../doctor/endpoint.ts'
import type { Finding } from '../doctor/finding.ts'
import { examineNode } from '../doctor/node-doctor.ts'
import { examineSdk } from '../doctor/sdk-doctor.ts'
import { EXIT_FAILURE, EXIT_OK, UsageError } from '../errors.ts'
import { tableOf } from '../table.ts'
import type { Terminal } from '../terminal.ts'
import type { CommandContext } from './context.ts'

interface DoctorOptions {
  readonly sdk?: string
  readonly connect?: string
}

export function addDoctor({ program, terminal, clock, action }: CommandContext): void {
  program
    .command('doctor')
    .description("look at a node's folder, its process and its peers, or at a connection of an SDK")
    .argument('[folder]', 'folder with config.ini', '.')
    .option('--sdk <folder>', 'folder with ca.crt, sdk.crt and sdk.key: connect as an SDK')
    .option('--connect <host:port>', 'with --sdk: Channel port of a node')
    .action(
      action(async (folder: string, { sdk, connect }: DoctorOptions) => {
        if ((sdk === undefined) !== (connect === undefined)) {
          throw new UsageError('--sdk and --connect', 'give both, or none of them')
        }
        const findings =
          sdk === undefined || connect === undefined
            ? await examineNode(folder, clock)
            : await examineSdk(sdk, parseEndpointText(connect, '--connect'), clock)
        return report(terminal, findings)
      }),
    )
}

/** The first thing that is wrong is what to repair: what comes after it may only follow from it. */
function report(terminal: Terminal, findings: readonly Finding[]): number {
  const first =
    findings.find(({ state }) => state === 'wrong') ??
    findings.find(({ state }) => state === 'warning')
  terminal.print(first === undefined ? nothingWrong(findings) : verdict(terminal, first))
  terminal.print('')
  terminal.print(
    tableOf(
      terminal,
      ['', 'what', 'found'],
      findings.map(({ state, check, detail }) => [state.toUpperCase(), check, detail]),
    ),
  )
  return findings.some(({ state }) => state === 'wrong') ? EXIT_FAILURE : EXIT_OK
}

function nothingWrong(findings: readonly Finding[]): string {
  const passedOver = findings.find(({ state }) => state === 'skipped')
  if (passedOver === undefined) return 'Nothing is wrong.'
  return `Nothing is wrong; not looked at: ${passedOver.check}, ${passedOver.detail}.`
}

function verdict({ colors }: Terminal, { state, check, detail, remedy }: Finding): string {
  const colour = state === 'wrong' ? colors.red : colors.yellow
  return `${colour(state.toUpperCase())} ${colors.bold(check)}: ${detail}\n${colors.bold('What to do:')} ${remedy ?? ''}`
}
