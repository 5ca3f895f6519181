/**
 * What was deployed from here: the log, and the ABIs, so that contracts can be called after a restart.
 * @module
 */
import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { isBcosError } from '@bcos-ts/common'
import { type AbiItem, parseAbi } from '@bcos-ts/protocol/abi'
import { UnreadableFileError, UnwritableFileError } from '../errors.ts'
import { systemCodeOf, systemReasonOf } from '../files.ts'

/** One group of one chain: addresses mean nothing elsewhere. */
export interface ChainGroup {
  /** Hash of the genesis block of the group, 0x hex. */
  readonly genesisHash: string
  readonly groupId: number
}

export interface Deployment extends ChainGroup {
  readonly timeMs: number
  readonly name: string
  /** 0x hex. */
  readonly address: string
}

/** Deployments that are read back; older ones stay in the file. */
const READ_MAX = 10_000
const HASH_DIGITS = 18

export class Deployments {
  readonly #folder: string

  /** `folder` is made with the first deployment. */
  constructor(folder: string) {
    this.#folder = folder
  }

  /** Writes a deployment down. Throws `CLI_FILE_UNWRITABLE`. */
  async add(deployment: Deployment, abi: readonly AbiItem[]): Promise<void> {
    const abiFile = this.#abiFile(deployment, deployment.address)
    try {
      await mkdir(dirname(abiFile), { recursive: true })
      await writeFile(abiFile, JSON.stringify(abi))
      await appendFile(this.#logFile, `${JSON.stringify(deployment)}\n`)
    } catch (error) {
      throw new UnwritableFileError(this.#logFile, systemReasonOf(error), error)
    }
  }

  /** Deployments in a group, the newest first. Throws `CLI_FILE_UNREADABLE`. */
  async list({ genesisHash, groupId }: ChainGroup): Promise<readonly Deployment[]> {
    const text = await readFile(this.#logFile, 'utf8').catch((error: unknown) => {
      if (systemCodeOf(error) === 'ENOENT') return ''
      throw new UnreadableFileError(this.#logFile, systemReasonOf(error), error)
    })
    const lines = text.trimEnd().split('\n').slice(-READ_MAX)
    return lines
      .flatMap((line) => readDeployment(line) ?? [])
      .filter((one) => one.genesisHash === genesisHash && one.groupId === groupId)
      .toReversed()
  }

  /** The newest deployment of a contract. */
  async latest(group: ChainGroup, name: string): Promise<Deployment | undefined> {
    return (await this.list(group)).find((one) => one.name === name)
  }

  /** The ABI of a contract that was deployed from here. */
  async abi(group: ChainGroup, address: string): Promise<readonly AbiItem[] | undefined> {
    const text = await readFile(this.#abiFile(group, address), 'utf8').catch(() => undefined)
    if (text === undefined) return undefined
    try {
      return parseAbi(text)
    } catch (error) {
      // A file that was cut off is as good as none: the contract can still be compiled.
      if (isBcosError(error)) return undefined
      throw error
    }
  }

  get #logFile(): string {
    return join(this.#folder, 'deployments.jsonl')
  }

  #abiFile({ genesisHash, groupId }: ChainGroup, address: string): string {
    const chain = `${genesisHash.slice(0, HASH_DIGITS)}-${groupId}`
    return join(this.#folder, 'abi', chain, `${address}.json`)
  }
}

/** `undefined` for a line that somebody changed, or that a full disk cut off. */
function readDeployment(line: string): Deployment | undefined {
  try {
    const found: Partial<Deployment> | null = JSON.parse(line)
    const { timeMs, genesisHash, groupId, name, address } = found ?? {}
    if (typeof timeMs !== 'number' || typeof groupId !== 'number') return undefined
    if (typeof genesisHash !== 'string' || typeof name !== 'string') return undefined
    return typeof address === 'string' ? { timeMs, genesisHash, groupId, name, address } : undefined
  } catch {
    return undefined
  }
}
