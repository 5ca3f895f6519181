import { once } from 'node:events'
import { runGroups } from '@bcos-ts/simulation'
import { EXIT_OK } from '../errors.ts'
import type { FromSeedProcess, ToSeedProcess } from '../simulate/seed-process.ts'
import { type Setting, settingOf } from '../simulate/setting.ts'
import type { CommandContext } from './context.ts'

/** For `simulate --jobs`, which starts it as a process and sends it seeds. */
export function addSimulateSeeds({ program, action }: CommandContext): void {
  program
    .command('simulate-seeds', { hidden: true })
    .description('run the seeds that the parent process sends')
    .action(
      action(async () => {
        let setting: Setting | undefined
        const aborter = new AbortController()
        const { signal } = aborter
        // A signal of the terminal reaches this process too; its parent says what follows from it.
        process.on('SIGINT', () => {})
        process.on('message', (message: ToSeedProcess) => {
          if ('options' in message) setting = settingOf(message.options)
          else if ('isStopping' in message) aborter.abort()
          else if (setting !== undefined) void runSeed({ ...setting, signal }, message.seed)
        })
        await once(process, 'disconnect')
        aborter.abort()
        return EXIT_OK
      }),
    )
}

async function runSeed(setting: Setting, seed: number): Promise<void> {
  const report = await runGroups({
    ...setting,
    seed,
    onProgress: (soFar) => tell({ report: soFar, isEnd: false }),
  })
  tell({ report, isEnd: true })
}

function tell(message: FromSeedProcess): void {
  process.send?.(message)
}
