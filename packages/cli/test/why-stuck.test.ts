import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { until } from '../src/local-chain/node-process.ts'
import { startTestChain, type TestChain } from './chain-kit.ts'
import { bcosTs } from './support.ts'

let chain: TestChain

beforeAll(async () => {
  chain = await startTestChain()
}, 120_000)

afterAll(() => chain.dispose(), 60_000)

/** What the command says at node 0, once it says this, and no longer says that. */
async function says(what: RegExp, unwanted?: RegExp): Promise<string> {
  const node = chain.nodes[0]!
  let said = ''
  await until(`why-stuck says ${what.source}`, 60_000, async () => {
    const { exitCode, out } = await bcosTs(['why-stuck', node.folder])
    said = out
    return exitCode === 0 && what.test(out) && unwanted?.test(out) !== true
  })
  return said
}

describe('bcos-ts why-stuck', () => {
  it('finds nothing missing in an idle group', async () => {
    expect(await says(/nothing: no transaction waits/)).toMatch(/this node/)
  })

  it('names the nodes that are gone when too few are left', async () => {
    const gone = [chain.nodes[2]!, chain.nodes[3]!]
    const ids = await Promise.all(gone.map(({ client }) => client.request('getConsensusStatus')))
    const names = ids.map((status) => {
      const [{ nodeId }] = status as [{ nodeId: string }]
      return nodeId.slice(0, 8)
    })
    await Promise.all(gone.map((node) => node.kill()))
    const said = await says(
      /(of 3 requests|2 of 3 sealers).*not connected since.*not connected since/,
    )
    for (const name of names) expect(said).toContain(name)
    for (const node of gone) node.start()
    await says(/nothing: no transaction waits/, /down for/)
  })

  it('says that no node answers, and that there is no such group', async () => {
    const node = chain.nodes[1]!
    const unknown = await bcosTs(['why-stuck', node.folder, '-g', '9'])
    expect([unknown.exitCode, unknown.err]).toEqual([1, expect.stringContaining('group 9')])
    await node.kill()
    const silent = await bcosTs(['why-stuck', node.folder])
    expect([silent.exitCode, silent.err]).toEqual([1, expect.stringContaining('no node answers')])
  })
}, 180_000)
