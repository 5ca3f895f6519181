/**
 * Reports on blocks that have another result here, one file a height in the data folder of the group.
 * @module
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type Logger, messageOf } from '@bcos-ts/common'
import type { KeepDifference } from '@bcos-ts/ledger'
import type { ExecutionDifference } from '@bcos-ts/protocol/ports'
import { replaceFile } from '../durable-file.ts'
import { InvalidDifferenceError } from '../errors.ts'

const FILE = /^difference-(\d{1,15})\.json$/

const fileOf = (dataFolder: string, height: number): string =>
  resolve(join(dataFolder, `difference-${height}.json`))

/**
 * Writes reports. The same difference found again after a restart does not lose the row that was found before, when the
 * peers still knew it. A disk that refuses is told in the log: the report is still there for JSON-RPC.
 */
export function differenceKeeper(dataFolder: string, logger: Logger): KeepDifference {
  return (found) => {
    const file = fileOf(dataFolder, found.height)
    try {
      const difference = { ...withFormerRow(found, readFile(file)), file }
      replaceFile(file, `${JSON.stringify(difference, undefined, 2)}\n`)
      return difference
    } catch (error) {
      logger.warn('the report on a difference cannot be written', {
        file,
        reason: messageOf(error),
      })
      return found
    }
  }
}

function withFormerRow(
  found: ExecutionDifference,
  former: ExecutionDifference | undefined,
): ExecutionDifference {
  const isSame = former?.expectedHash === found.expectedHash && former.ownHash === found.ownHash
  if (!isSame || former.row === null || found.row !== null) return found
  const { row, differingRows, rows } = former
  return { ...found, row, differingRows, rows }
}

/**
 * The report of a height, or the one of the greatest height; `undefined` where there is none. Throws
 * `NODE_INVALID_DIFFERENCE`.
 */
export function readDifference(
  dataFolder: string,
  height?: number,
): ExecutionDifference | undefined {
  if (!existsSync(dataFolder)) return undefined
  const heights = readdirSync(dataFolder)
    .map((name) => Number(FILE.exec(name)?.[1] ?? Number.NaN))
    .filter((one) => height === undefined || one === height)
    .filter((one) => !Number.isNaN(one))
  if (heights.length === 0) return undefined
  const file = fileOf(dataFolder, Math.max(...heights))
  const difference = readFile(file)
  if (difference === undefined) throw new InvalidDifferenceError(file)
  return difference
}

function readFile(file: string): ExecutionDifference | undefined {
  if (!existsSync(file)) return undefined
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'))
    return isDifference(value) ? value : undefined
  } catch {
    // Half a file of a former program is as good as none.
    return undefined
  }
}

function isDifference(value: unknown): value is ExecutionDifference {
  if (typeof value !== 'object' || value === null) return false
  const { code, height, header, written, transactions, rows, row, receipt } = value as Partial<
    Record<keyof ExecutionDifference, unknown>
  >
  return (
    code === 'SYNC_EXECUTION_DIFFERS' &&
    typeof height === 'number' &&
    typeof rows === 'string' &&
    Array.isArray(header) &&
    Array.isArray(written) &&
    Array.isArray(transactions) &&
    typeof row === 'object' &&
    typeof receipt === 'object'
  )
}
