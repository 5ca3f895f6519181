import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ChainOptions } from '../src/build-chain/options.ts'
import { type LocalChain, freePorts, prepareChain } from '../src/local-chain/local-chain.ts'
import { startNodes } from '../src/local-chain/node-process.ts'

/** The built command: nodes run as processes, as users run them. */
export const COMMAND = join(import.meta.dirname, '..', 'bin', 'bcos-ts.js')

/** Ports for one test file: others look for theirs at the same time, and begin elsewhere. */
export function testPorts(): ReturnType<typeof freePorts> {
  return freePorts({ skipped: process.pid % 400 })
}

export interface TestChain extends LocalChain {
  /** Stops every node and removes the folder. */
  dispose(): Promise<void>
}

export interface TestChainSetup extends Partial<
  Pick<ChainOptions, 'isRsaChannel' | 'hosts' | 'consensus'>
> {
  /** Changes files before the nodes start. */
  readonly prepare?: (chain: LocalChain) => void
}

/** Four nodes on free ports in a folder of their own, connected to each other. */
export async function startTestChain(setup: TestChainSetup = {}): Promise<TestChain> {
  const { prepare, ...given } = setup
  const options = { ports: await testPorts(), ...given }
  const parent = mkdtempSync(join(tmpdir(), 'bcos-ts-chain-'))
  const chain = await prepareChain({
    folder: join(parent, 'nodes'),
    command: COMMAND,
    print: () => {},
    options,
  })
  prepare?.(chain)
  await startNodes(chain.nodes)
  return {
    ...chain,
    dispose: async () => {
      await Promise.all(chain.nodes.map((node) => node.stop()))
      rmSync(parent, { recursive: true })
    },
  }
}
