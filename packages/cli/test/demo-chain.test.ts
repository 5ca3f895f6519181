import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { prepareChain } from '../src/local-chain/local-chain.ts'

const parent = mkdtempSync(join(tmpdir(), 'bcos-ts-demo-'))
afterAll(() => rmSync(parent, { recursive: true }))

it('a chain whose port is taken is refused with that port, and is there again when it is free', async () => {
  const init = { folder: join(parent, 'nodes'), command: 'bcos-ts.js', print: () => {} }
  const { endpoints } = await prepareChain(init)
  const port = endpoints[2]!.rpc
  const other = createServer()
  await new Promise<void>((resolve) => void other.listen(port, '127.0.0.1', resolve))
  await expect(prepareChain(init)).rejects.toMatchObject({
    code: 'CLI_PORT_IN_USE',
    details: { port },
  })
  await new Promise((resolve) => void other.close(resolve))
  expect((await prepareChain(init)).endpoints).toEqual(endpoints)
})
