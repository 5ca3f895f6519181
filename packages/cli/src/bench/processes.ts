/**
 * What processes have used, as the operating system counts it.
 * @module
 */
import { readFileSync } from 'node:fs'

export interface ProcessUse {
  /** User and system time of all threads, ms. */
  readonly cpuMs: number
  /** Of it, the main thread: the one that runs JavaScript. */
  readonly mainCpuMs: number
  /** Resident memory, MiB. */
  readonly memoryMiB: number
}

const MS_A_TICK = 10
const USER_FIELD = 11
const SYSTEM_FIELD = 12
const KIB_A_MIB = 1024
const US_A_MS = 1000

/** `undefined` where there is no such process, or no /proc to ask. */
export function useOf(pid: number): ProcessUse | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    const memoryKiB = Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0)
    return {
      cpuMs: cpuMsIn(`/proc/${pid}/stat`),
      // The first thread has the number of its process.
      mainCpuMs: cpuMsIn(`/proc/${pid}/task/${pid}/stat`),
      memoryMiB: memoryKiB / KIB_A_MIB,
    }
  } catch {
    return undefined
  }
}

function cpuMsIn(file: string): number {
  const stat = readFileSync(file, 'utf8')
  // The name of the program, in parentheses, may hold blanks.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return MS_A_TICK * (Number(fields[USER_FIELD]) + Number(fields[SYSTEM_FIELD]))
}

/** Of the node that has most, MiB. */
export function mostMemory(uses: readonly ProcessUse[]): number {
  return Math.round(Math.max(...uses.map(({ memoryMiB }) => memoryMiB)))
}

/** CPU time for a transaction, µs: the mean of the processes; `null` when there are none. */
export function cpuUs(
  before: readonly ProcessUse[],
  after: readonly ProcessUse[],
  { transactions, of }: { readonly transactions: number; readonly of: 'cpuMs' | 'mainCpuMs' },
): number | null {
  if (after.length === 0 || after.length !== before.length) return null
  let spentMs = 0
  for (const [index, use] of after.entries()) spentMs += use[of] - (before[index]?.[of] ?? 0)
  return Math.round((10 * US_A_MS * spentMs) / after.length / Math.max(1, transactions)) / 10
}
