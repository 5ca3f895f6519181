import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '@bcos-ts/common'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ChainPlan, writeChain } from '../src/index.ts'
import { bcosTs, planChain, textOf } from './support.ts'

let folder: string
let plan: ChainPlan
const NODE0 = '127.0.0.1/node0'

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bcos-ts-'))
  plan = await planChain({ isGuomi: true })
  await writeChain(plan, join(folder, 'nodes'))
})

afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

const at = (path: string): string => join(folder, 'nodes', path)

const put = (name: string, content: string): string => {
  writeFileSync(join(folder, name), content)
  return join(folder, name)
}

describe('cert show', () => {
  it('shows every certificate of a node, and that they form a chain', async () => {
    const { exitCode, out } = await bcosTs(['cert', 'show', at(`${NODE0}/conf/gmnode.crt`)])
    expect(exitCode).toBe(0)
    expect(out).toContain('/CN=node0/O=fisco-bcos/OU=node')
    expect(out).toContain('/CN=chain/O=fisco-bcos/OU=chain (itself)')
    expect(out).toContain(plan.nodes[0]?.nodeId)
    expect(out).toContain('SM2-with-SM3')
    expect(out.trim().split('\n').at(-1)).toBe('A good chain of 3 certificates.')
  })

  it('reads RSA certificates', async () => {
    const both = put(
      'both.crt',
      textOf(plan, `${NODE0}/conf/channel_cert/node.crt`) + textOf(plan, '127.0.0.1/sdk/ca.crt'),
    )
    const { out } = await bcosTs(['cert', 'show', both])
    expect(out).toContain('RSA, 2048 bits')
    expect(out).toContain('A good chain of 2 certificates.')
  })

  it('says why certificates are no chain', async () => {
    const other = put(
      'other.crt',
      textOf(plan, `${NODE0}/conf/gmennode.crt`) + textOf(plan, 'cert/ca.crt'),
    )
    const { exitCode, out } = await bcosTs(['cert', 'show', other])
    expect(exitCode).toBe(0)
    expect(out).toMatch(/Not a good chain: .*unknown-issuer/)
    const old = await planChain({ nowMs: systemClock.nowMs() - 10 * 86_400_000, days: 5 })
    const expired = put('expired.crt', textOf(old, `${NODE0}/conf/node.crt`))
    expect((await bcosTs(['cert', 'show', expired])).out).toMatch(/Not a good chain: .*expired/)
  })
})

describe('node-id', () => {
  it.each(['gmnode.key', 'gmnode.crt', 'gmnode.nodeid'])('is read from %s', async (name) => {
    const { exitCode, out } = await bcosTs(['node-id', at(`${NODE0}/conf/${name}`)])
    expect(exitCode).toBe(0)
    expect(out).toBe(`${plan.nodes[0]?.nodeId ?? ''}\n`)
  })

  it('is refused for what names no node', async () => {
    const files = [at('127.0.0.1/sdk/sdk.crt'), at('127.0.0.1/sdk/sdk.key'), put('text', 'hello')]
    for (const file of files) {
      const { exitCode, out, err } = await bcosTs(['node-id', file])
      expect([exitCode, out]).toEqual([1, ''])
      expect(err).toMatch(/^error: cannot read .*\(CLI_FILE_UNREADABLE\)$/m)
    }
  })
})
