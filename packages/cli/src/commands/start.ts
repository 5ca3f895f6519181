import { resolve } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { startNode } from '@bcos-ts/node'
import { EXIT_FAILURE, EXIT_OK } from '../errors.ts'
import { HEAP_GROWTH, YOUNG_ALONE } from '../process-options.ts'
import { reportError } from '../report-error.ts'
import { stopSignal } from '../stop-signal.ts'
import type { CommandContext } from './context.ts'

interface StartOptions {
  readonly config: string
}

export function addStart({ program, terminal, clock, action }: CommandContext): void {
  program
    .command('start')
    .description('start a node and run until SIGINT or SIGTERM')
    .option('-c, --config <file>', 'config.ini of the node', 'config.ini')
    .action(
      action(async ({ config }: StartOptions) => {
        setFlagsFromString(HEAP_GROWTH)
        setFlagsFromString(YOUNG_ALONE)
        // Scripts wait for these words (spec 04 §12.2).
        terminal.print(`[${localTime(clock.nowMs())}] Initializing...`)
        const node = await startNode(resolve(config))
        terminal.print(`[${localTime(clock.nowMs())}] The FISCO-BCOS is running...`)
        const failure = await Promise.race([node.failure, stopSignal()])
        await node.stop()
        if (failure !== undefined) {
          reportError(terminal, failure, false)
          return EXIT_FAILURE
        }
        terminal.print(`[${localTime(clock.nowMs())}] FISCO-BCOS program exit normally.`)
        return EXIT_OK
      }),
    )
}

/** `2026-11-22 08:30:00` in the host's time zone. */
function localTime(timeMs: number): string {
  const shiftMs = 60_000 * new Date(timeMs).getTimezoneOffset()
  return new Date(timeMs - shiftMs).toISOString().slice(0, 19).replace('T', ' ')
}
