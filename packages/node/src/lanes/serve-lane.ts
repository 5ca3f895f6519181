/**
 * What runs in the thread of a lane: a view of the committed state, and the parts that execute transactions. It gets
 * jobs, takes units of them until there are none left, and sends back what it made of them.
 * @module
 */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { assert, fromHex, messageOf } from '@bcos-ts/common'
import { createNodeSuites } from '@bcos-ts/crypto/node'
import { createInterpreter, tableAccountState } from '@bcos-ts/evm-adapter'
import { type LaneComponents, runLaneJob } from '@bcos-ts/executor'
import type { NativeContract } from '@bcos-ts/precompiled'
import { SystemTableName } from '@bcos-ts/protocol'
import { createBlockTables } from '@bcos-ts/storage-crud'
import { createLevelReader, type LevelReader, type StateView } from '@bcos-ts/storage-crud/level'
import { chainContracts } from '../chain-crypto.ts'
import { type FromLane, JobCounter, type LaneThreadData, type ToLane } from './lane-messages.ts'

/**
 * Makes a thread a lane. It must offer the chain's own contracts too: a chain that has some writes a module of its
 * own, which calls this with them, and names it as the `entry` of its lanes.
 */
export async function serveLane(extensions: readonly NativeContract[] = []): Promise<void> {
  assert(parentPort !== null, 'a lane is started as a thread')
  // What the other end gave as `workerData`.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const { port, ...data } = workerData as LaneThreadData & { readonly port: MessagePort }
  const reader = createLevelReader({ path: data.path })
  await reader.start()
  const lane = new LaneServer(reader, await partsOf(data, extensions))
  port.on('message', (job: ToLane) => {
    const answer = lane.run(job)
    port.postMessage(answer, answer.report === undefined ? [] : [answer.report.buffer])
    new JobCounter(job.counter).finished()
  })
  // The node has no more jobs: with its database closed nothing keeps the thread.
  port.on('close', () => void reader.stop())
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
  parentPort.postMessage('ready')
}

type Parts = Omit<LaneComponents, 'openTables' | 'hashOf'>

async function partsOf(
  { suiteName, isFreeStorage }: LaneThreadData,
  extensions: readonly NativeContract[],
): Promise<Parts> {
  const suites = await createNodeSuites()
  const suite = suites[suiteName]
  return {
    suite,
    isFreeStorage,
    accounts: tableAccountState(suite.hash),
    ...chainContracts(suites, extensions),
    vm: createInterpreter({ hash: suite.hash, isFreeStorage }),
  }
}

class LaneServer {
  readonly #reader: LevelReader
  readonly #parts: Parts
  /** Of the job that is being done. */
  #view: StateView | undefined

  constructor(reader: LevelReader, parts: Parts) {
    this.#reader = reader
    this.#parts = parts
  }

  run({ id, bytes, counter }: ToLane): FromLane {
    const units = new JobCounter(counter)
    const components: LaneComponents = {
      ...this.#parts,
      openTables: (parentNumber) => this.#openTables(parentNumber),
      hashOf: (number) => this.#hashOf(number),
    }
    try {
      return { id, report: runLaneJob(bytes, components, () => units.take()) }
    } catch (error) {
      return { id, failure: messageOf(error) }
    } finally {
      void this.#view?.close()
      this.#view = undefined
    }
  }

  #openTables(parentNumber: number) {
    const storage = this.#reader.at(parentNumber)
    // A commit has overtaken the block, which will be refused, in lanes or in order.
    if (storage === undefined)
      throw new RangeError(`the state is not that of block ${parentNumber}`)
    this.#view = storage
    return createBlockTables({ storage, parentNumber, hash: this.#parts.suite.hash })
  }

  #hashOf(number: number): Uint8Array | undefined {
    const [row] = this.#view?.select(SystemTableName.numberToHash, String(number)) ?? []
    const hash = row?.fields.get('value')
    return hash === undefined ? undefined : fromHex(hash)
  }
}
