import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { standardSuite } from '@bcos-ts/crypto'
import { build, defaultClientConditions } from 'vite'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { WebSocket } from 'ws'
import { DagTransfer, generateAccount } from '../src/index.ts'
import type * as Page from '../src/websocket.ts'
import { atEnd, clientOf, setup, until } from './support.ts'

const SOURCES = join(import.meta.dirname, '..', 'src')
const folder = mkdtempSync(join(tmpdir(), 'bcos-ts-bundle-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** The code of an entry as a web page gets it, and what it took from Node. */
async function bundle(entry: string): Promise<{ code: string; builtins: string[] }> {
  const builtins: string[] = []
  await build({
    configFile: false,
    logLevel: 'silent',
    resolve: { conditions: ['@bcos-ts/source', ...defaultClientConditions] },
    plugins: [
      {
        name: 'builtins',
        enforce: 'pre',
        resolveId: (id) => {
          if (isBuiltin(id)) builtins.push(id)
          return null
        },
      },
    ],
    build: {
      outDir: join(folder, entry),
      minify: false,
      lib: { entry: join(SOURCES, `${entry}.ts`), formats: ['es'], fileName: 'bundle' },
      rolldownOptions: { treeshake: false },
    },
  })
  return { code: readFileSync(join(folder, entry, 'bundle.js'), 'utf8'), builtins }
}

describe.each(['index', 'websocket'])('entry %s', (entry) => {
  it('takes nothing from Node', async () => {
    const { code, builtins } = await bundle(entry)
    expect(builtins).toEqual([])
    expect(code).not.toMatch(/^import |\brequire\(|['"]node:|\bBuffer\.|\bprocess\.(?:env|on)/m)
  })
})

it('what a web page gets speaks with a node', async () => {
  await bundle('websocket')
  const { node } = await setup()
  vi.stubGlobal('WebSocket', WebSocket)
  atEnd(() => vi.unstubAllGlobals())
  const page: typeof Page = await import(pathToFileURL(join(folder, 'websocket', 'bundle.js')).href)
  const transport = page.webSocketTransport({ url: node.webSocketUrl })
  const client = clientOf(transport)
  expect(await client.node.getGroupList()).toEqual([1])
  const blocks: number[] = []
  client.watchBlocks((number) => void blocks.push(number), { from: 0 })
  const account = generateAccount(standardSuite)
  await new DagTransfer({ client, account }).userAdd('a', 1)
  await until('the block came', () => blocks.length === 2)
  node.dropClients()
  await new DagTransfer({ client, account }).userAdd('b', 1)
  await until('the next block came', () => blocks.length === 3)
  const nowhere = page.webSocketTransport({ url: 'ws://127.0.0.1:1' })
  atEnd(() => nowhere.close())
  await expect(nowhere.request('getGroupList', [])).rejects.toMatchObject({
    code: 'SDK_NO_CONNECTION',
  })
})
