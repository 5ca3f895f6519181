/**
 * Contracts of the console, found by name or path: Solidity sources, or what another compiler made of them.
 * @module
 */
import { readdir, readFile } from 'node:fs/promises'
import { basename, dirname, extname, join, relative, resolve, sep } from 'node:path'
import { fromHex, isHex } from '@bcos-ts/common'
import { parseAbi } from '@bcos-ts/protocol/abi'
import { readText } from '../files.ts'
import { type CompiledContract, compileContract, type CompileRequest } from '../solidity/compile.ts'
import { SourceNotFoundError } from '../solidity/errors.ts'
import { collectSources, type ReadSource } from '../solidity/sources.ts'
import { ConsoleStateError } from './errors.ts'

/** Contracts that come with the console, where a user's folder has none of the name. */
const SHIPPED = join(import.meta.dirname, '..', '..', 'contracts')
const DEPTH_MAX = 6
const FILES_MAX = 10_000
/** What other tools fill, and where nobody keeps contracts. */
const SKIPPED: ReadonlySet<string> = new Set(['node_modules', '.git'])

export type Wanted = Pick<CompileRequest, 'contract' | 'suite'>

export class ContractFolder {
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = resolve(folder)
  }

  /** Names of all contracts, for completion. */
  async names(): Promise<readonly string[]> {
    const files = [...(await filesIn(this.#folder)), ...(await filesIn(SHIPPED))]
    const names = files.filter((file) => /\.(?:sol|abi)$/.test(file)).map(nameOf)
    return [...new Set(names)].toSorted()
  }

  /**
   * Compiles a contract, or reads what was compiled elsewhere (`NAME.abi` and `NAME.bin`).
   * Throws `CLI_SOLIDITY_NOT_FOUND`, `CLI_SOLIDITY_FAILED`, `CLI_SOLIDITY_VERSION` or `CLI_FILE_UNREADABLE`.
   */
  async find(nameOrPath: string, { contract, suite }: Wanted = {}): Promise<CompiledContract> {
    const file = await this.#fileOf(nameOrPath)
    if (extname(file) !== '.sol') return readCompiled(file)
    const root = isInside(this.#folder, file) ? this.#folder : dirname(file)
    const main = relative(root, file).split(sep).join('/')
    const sources = await collectSources(main, readerOf([root, dirname(file)]))
    return compileContract({ sources, main, contract, suite })
  }

  async #fileOf(nameOrPath: string): Promise<string> {
    const isPath = nameOrPath.includes('/') || /\.(?:sol|abi|bin)$/.test(nameOrPath)
    if (isPath) {
      return resolve(extname(nameOrPath) === '' ? `${nameOrPath}.sol` : nameOrPath)
    }
    const files = [...(await filesIn(this.#folder)), ...(await filesIn(SHIPPED))]
    const found =
      files.find((file) => basename(file) === `${nameOrPath}.sol`) ??
      files.find((file) => basename(file) === `${nameOrPath}.abi`)
    if (found !== undefined) return found
    throw new SourceNotFoundError(
      nameOrPath,
      `put ${nameOrPath}.sol into ${this.#folder}, give the path of a .sol file, or name another folder with --contracts`,
    )
  }
}

function nameOf(file: string): string {
  return basename(file, extname(file))
}

/** Files in a folder and below, those that lie less deep first; none when there is no such folder. */
async function filesIn(folder: string): Promise<readonly string[]> {
  const files: string[] = []
  let level: readonly string[] = [folder]
  for (let depth = 0; depth < DEPTH_MAX && files.length < FILES_MAX; depth++) {
    const found = await Promise.all(level.map(entriesOf))
    files.push(...found.flatMap((one) => one.files))
    level = found.flatMap((one) => one.folders)
  }
  return files
}

async function entriesOf(
  folder: string,
): Promise<{ readonly files: readonly string[]; readonly folders: readonly string[] }> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  const pathsOf = (wanted: (entry: (typeof entries)[number]) => boolean): readonly string[] =>
    entries
      .filter(wanted)
      .map(({ name }) => join(folder, name))
      .toSorted()
  return {
    files: pathsOf((entry) => entry.isFile()),
    folders: pathsOf((entry) => entry.isDirectory() && !SKIPPED.has(entry.name)),
  }
}

/** Reads units in the folders given, never outside of them; interfaces of native contracts are found anywhere. */
function readerOf(folders: readonly string[]): ReadSource {
  return async (unit) => {
    const candidates = folders
      .map((folder) => resolve(folder, unit))
      .filter((file) => folders.some((folder) => isInside(folder, file)))
    for (const file of [...candidates, join(SHIPPED, basename(unit))]) {
      const text = await readFile(file, 'utf8').catch(() => undefined)
      if (text !== undefined) return text
    }
    return undefined
  }
}

function isInside(folder: string, file: string): boolean {
  return file.startsWith(folder.endsWith(sep) ? folder : folder + sep)
}

async function readCompiled(file: string): Promise<CompiledContract> {
  const stem = file.slice(0, -extname(file).length)
  const abi = parseAbi(await readText(`${stem}.abi`))
  const code = (await readText(`${stem}.bin`)).trim().replace(/^0x/, '')
  if (!isHex(code)) throw new ConsoleStateError(`${stem}.bin`, 'it holds no hexadecimal byte code')
  return { name: nameOf(file), abi, code: fromHex(code) }
}
