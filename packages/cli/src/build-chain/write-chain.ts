import { lstat, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { OutputExistsError, UnwritableFileError } from '../errors.ts'
import { systemCodeOf, systemReasonOf } from '../files.ts'
import type { ChainPlan } from './build-chain.ts'

/**
 * Writes a planned chain into a folder that must not exist. Everything is made in a folder beside it and moved at
 * the end: a failure leaves nothing behind. Throws `CLI_OUTPUT_EXISTS` or `CLI_FILE_UNWRITABLE`.
 */
export async function writeChain({ files }: ChainPlan, folder: string): Promise<void> {
  const target = resolve(folder)
  await refuseExisting(target, folder)
  const parent = dirname(target)
  // The topmost folder that had to be made, to be taken away again on failure.
  const madeParent = await mkdir(parent, { recursive: true }).catch(unwritable(folder))
  try {
    await makeAndMove(files, { parent, target, shown: folder })
  } catch (error) {
    if (madeParent !== undefined) await rm(madeParent, { recursive: true, force: true })
    throw error
  }
}

interface Destination {
  readonly parent: string
  readonly target: string
  /** The folder as it was asked for. */
  readonly shown: string
}

async function makeAndMove(files: ChainPlan['files'], to: Destination): Promise<void> {
  const { parent, target, shown } = to
  const workshop = await mkdtemp(join(parent, `.${basename(target)}-`)).catch(unwritable(shown))
  try {
    // One folder further in: the workshop itself is closed to others, the result is not.
    const made = join(workshop, basename(target))
    await writeFiles(files, made)
    // A rename would replace an empty folder that appeared meanwhile.
    await refuseExisting(target, shown)
    await rename(made, target).catch(unwritable(shown))
  } finally {
    await rm(workshop, { recursive: true, force: true })
  }
}

async function refuseExisting(target: string, shown: string): Promise<void> {
  const found = await lstat(target).catch((error: unknown) => {
    if (systemCodeOf(error) === 'ENOENT') return undefined
    return unwritable(shown)(error)
  })
  if (found !== undefined) throw new OutputExistsError(shown)
}

async function writeFiles(files: ChainPlan['files'], folder: string): Promise<void> {
  const folders = new Set<string>()
  for (const { path, content, mode } of files) {
    const file = join(folder, path)
    if (!folders.has(dirname(file))) {
      await mkdir(dirname(file), { recursive: true }).catch(unwritable(file))
      folders.add(dirname(file))
    }
    await writeFile(file, content, { mode, flag: 'wx' }).catch(unwritable(file))
  }
}

function unwritable(file: string): (error: unknown) => never {
  return (error) => {
    throw new UnwritableFileError(file, systemReasonOf(error), error)
  }
}
