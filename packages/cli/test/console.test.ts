import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { main, Terminal } from '../src/index.ts'
import { until } from '../src/local-chain/node-process.ts'
import { startTestChain, type TestChain } from './chain-kit.ts'
import { bcosTs, type Outcome } from './support.ts'

const BINARY = join(import.meta.dirname, '..', 'bin', 'bcos-ts.js')

let chain: TestChain
let folder: string
let url: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bcos-ts-console-'))
  chain = await startTestChain()
  url = `http://127.0.0.1:${chain.endpoints[0]!.rpc}`
}, 120_000)

afterAll(async () => {
  await chain.dispose()
  rmSync(folder, { recursive: true })
}, 60_000)

/** Runs the console as a process of its own, in a folder that all tests share. */
async function run(args: readonly string[], script = ''): Promise<Outcome> {
  const child = spawn(process.execPath, [BINARY, 'console', ...args], {
    cwd: folder,
    env: { ...process.env, NO_COLOR: '1' },
  })
  child.stdin.end(script)
  const [out, err] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ])
  return { exitCode: child.exitCode ?? -1, out, err }
}

const commands = async (...given: readonly string[]) =>
  run(['--url', url, ...given.flatMap((one) => ['-c', one])])

/** Results of commands as data. */
async function data(...given: readonly string[]): Promise<readonly unknown[]> {
  const { exitCode, out, err } = await run([
    '--url',
    url,
    '--json',
    ...given.flatMap((one) => ['-c', one]),
  ])
  expect([exitCode, err], out).toEqual([0, expect.not.stringContaining('error')])
  return out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).result)
}

describe('given commands', () => {
  it('are run one after the other: a contract is deployed, called, and found again', async () => {
    const first = await commands('getBlockNumber; deploy HelloWorld', 'call HelloWorld latest get')
    expect(first.exitCode, first.err).toBe(0)
    expect(first.out).toMatch(
      /^\d+\ntransaction hash: 0x[0-9a-f]{64}\ncontract address: 0x[0-9a-f]{40}\ncurrentAccount: 0x[0-9a-f]{40}\n/,
    )
    expect(first.out).toContain('Return values: ["Hello, World!"]')
    expect(first.err).toMatch(/^made the account account\/ecdsa\/0x[0-9a-f]{40}\.pem\n$/)
    const again = await commands('call HelloWorld latest set "a b"', 'call HelloWorld latest get')
    expect([again.exitCode, again.err]).toEqual([0, ''])
    expect(again.out).toMatch(
      /^transaction hash: 0x[0-9a-f]{64}\ntransaction status: 0x0\nblock number: \d+\ngas used: \d+\n/,
    )
    expect(again.out).toMatch(
      /Event logs: \[\{"Changed":\{"by":"0x[0-9a-f]{40}","text":"a b"\}\}\]/,
    )
    expect(again.out).toContain('Return values: ["a b"]')
  })

  it('answer with data for programs', async () => {
    const [address, log, byName, abi] = await data(
      'listDeployContractAddress HelloWorld 1',
      'getDeployLog',
      'getCode 0x0000000000000000000000000000000000000001',
      'listAbi HelloWorld',
    )
    expect(address).toMatchObject([{ address: expect.stringMatching(/^0x[0-9a-f]{40}$/) }])
    expect(log).toMatchObject([{ contract: 'HelloWorld', group: 1 }])
    expect(byName).toBe('0x')
    expect(abi).toMatchObject({
      methodList: [{ name: 'get', constant: true, methodId: '0x6d4ce63c' }, { name: 'set' }],
      eventList: [{ signature: 'Changed(address,string)' }],
    })
  })

  it('stop at the first failure, unless told otherwise', async () => {
    const stopped = await commands('getBlokNumber; getBlockNumber')
    expect([stopped.exitCode, stopped.out]).toEqual([2, ''])
    expect(stopped.err).toMatch(/^error: no command getBlokNumber: did you mean getBlockNumber/)
    const failing = '-c,getTransactionReceipt 0x' + 'ab'.repeat(32) + ';help getPeers'
    const { exitCode, out, err } = await run(['--url', url, '--keep-going', ...failing.split(',')])
    expect([exitCode, err]).toEqual([1, expect.stringContaining('(CONSOLE_NOT_FOUND)')])
    expect(out).toContain('usage:   getPeers [endPoint]')
  })

  it('tell in JSON what failed', async () => {
    const { exitCode, out, err } = await run(['--url', url, '--json', '-c', 'switch 9; getPeers'])
    expect([exitCode, err]).toEqual([1, ''])
    expect(JSON.parse(out)).toEqual({
      command: 'switch 9',
      error: {
        code: 'CONSOLE_STATE',
        message: 'group 9: the node serves the groups 1',
        details: { what: 'group 9' },
      },
    })
  })

  it('need a node only where they ask one', async () => {
    const away = ['--url', 'http://127.0.0.1:1']
    expect(await run([...away, '-c', 'help; addSealer -h; quit; getPeers'])).toMatchObject({
      exitCode: 0,
      err: '',
    })
    const { exitCode, err } = await run([...away, '-c', 'getPeers'])
    expect([exitCode, err]).toEqual([
      1,
      expect.stringMatching(/is the node running\?.*SDK_NO_CONN/),
    ])
  })

  it.each([
    [['--url', 'nowhere'], '--url'],
    [['--channel', 'x'], '--channel'],
    [['--channel', '127.0.0.1:1'], '--certs'],
    [['--certs', 'x'], '--channel'],
    [['--url', 'http://a', '--websocket', 'ws://a'], 'give one of them'],
    [['-g', '0'], 'from 1 to 32767'],
  ])('options %j are refused', async (options, reason) => {
    const { exitCode, err } = await bcosTs(['console', ...options, '-c', 'help'])
    expect([exitCode, err]).toEqual([2, expect.stringContaining(reason)])
  })
})

describe('a script on standard input', () => {
  it('works on tables by SQL', async () => {
    const script = `
# fruit and their prices
create table t_fruit (name varchar, item varchar, price int, primary key (name))
desc t_fruit
insert into t_fruit (name, item, price) values (fruit, "a; pear", 3); insert into t_fruit values (fruit, apple, 7)
insert into t_fruit (name, item) values (fruit, plum)
select * from t_fruit where name = fruit and price >= 3
update t_fruit set price = 9 where name = fruit and item = apple
select item, price from t_fruit where name = fruit and price > 3 and price < 10 limit 0,1
delete from t_fruit where name = fruit and item = 'a; pear'
select item from t_fruit where name = fruit
select * from t_fruit where name = nuts
`
    const { exitCode, out, err } = await run(['--url', url, '--json'], script)
    expect([exitCode, err], out).toEqual([0, ''])
    const results = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).result)
    expect(results.slice(1)).toEqual([
      { key: 'name', valueFields: 'item,price' },
      ...[1, 1, 1].map((rows) => ({ rows, transactionHash: expect.any(String) })),
      [
        { name: 'fruit', item: 'a; pear', price: '3' },
        { name: 'fruit', item: 'apple', price: '7' },
      ],
      { rows: 1, transactionHash: expect.any(String) },
      [{ item: 'apple', price: '9' }],
      { rows: 1, transactionHash: expect.any(String) },
      [{ item: 'apple' }, { item: 'plum' }],
      [],
    ])
  })

  it('shows rows in a table, and what is wrong with SQL', async () => {
    const script = [
      'select item from t_fruit where name = fruit and item = apple',
      'select * form t_fruit',
      'select * from t_fruit where item = apple',
      'select color from t_fruit where name = fruit',
      'select * from t_none where a = b',
      'create table t_fruit (a varchar, b varchar, primary key (a))',
    ]
    const { exitCode, out, err } = await run(['--url', url, '--keep-going'], script.join('\n'))
    expect(exitCode).toBe(2)
    expect(out).toBe('┌───────┐\n│ item  │\n│ apple │\n└───────┘\n1 row in set.\n')
    expect(err.trimEnd().split('\n')).toEqual([
      expect.stringMatching(/at character 10: from is expected, not "form" \(CONSOLE_SQL_SYNTAX\)/),
      expect.stringMatching(/t_fruit: the conditions need name = VALUE once.*CONSOLE_SQL_MEANING/),
      expect.stringMatching(/t_fruit: it has no field color; it has name, item, price/),
      expect.stringMatching(/t_none: there is none of this name in the group/),
      expect.stringMatching(/create is refused: .*\(-50001\) \(CONSOLE_CONTRACT_REFUSED\)/),
    ])
  })
})

describe('the commands of 2.x', () => {
  it('tell about the chain', async () => {
    const results = await data(
      'getSealerList',
      'getObserverList',
      'getGroupList',
      'getNodeVersion',
      'getConsensusStatus',
      'getSyncStatus',
      'getPendingTxSize',
      'getTotalTransactionCount',
      'getBlockByNumber 1 true',
      'getBlockHeaderByNumber 0',
      'getBatchReceiptsByBlockNumberAndRange 1',
      'getCryptoType',
      `queryGroupStatus 127.0.0.1:${chain.endpoints[1]!.rpc} 1`,
    )
    expect(results[0]).toHaveLength(4)
    expect(results.slice(1, 3)).toEqual([[], [1]])
    expect(results[3]).toMatchObject({ 'Supported Version': '2.9.0' })
    expect(results[4]).toMatchObject([{ nodeNum: 4 }, expect.any(Array)])
    expect(results[5]).toMatchObject({ isSyncing: false })
    expect(results[6]).toBe(0)
    expect(results[7]).toMatchObject({ txSum: expect.any(Number) })
    expect(results[8]).toMatchObject({ number: '0x1', transactions: [{ blockNumber: '0x1' }] })
    expect(results[9]).toMatchObject({ number: 0 })
    expect(results[10]).toMatchObject({ transactionReceipts: [{ status: '0x0' }] })
    expect(results[11]).toEqual({ ledgerCryptoType: 'ECDSA', sslCryptoType: 'none' })
    expect(results[12]).toMatchObject({ status: 'RUNNING' })
  })

  it('register and call contracts by name', async () => {
    const results = await data(
      'deployByCNS HelloWorld 1.0',
      'callByCNS HelloWorld:1.0 set "by name"',
      'callByCNS HelloWorld get',
      'queryCNS HelloWorld',
    )
    expect(results[0]).toMatchObject({ code: 1, msg: 'success' })
    expect(results[2]).toMatchObject({ returnValues: ['by name'] })
    expect(results[3]).toMatchObject([{ version: '1.0' }])
    const twice = await commands('deployByCNS HelloWorld 1.0')
    expect([twice.exitCode, twice.err]).toEqual([1, expect.stringContaining('(-51200)')])
    const none = await commands('callByCNS Nobody get')
    expect([none.exitCode, none.err]).toEqual([1, expect.stringContaining('CONSOLE_NOT_FOUND')])
  })

  it('use contracts that use tables, and arguments of every form', async () => {
    mkdirSync(join(folder, 'contracts'), { recursive: true })
    writeFileSync(
      join(folder, 'contracts', 'Shapes.sol'),
      `pragma solidity ^0.5.0;
       contract Shapes {
         function sum(uint8[] memory a, bool twice) public pure returns (uint256 total) {
           for (uint256 i = 0; i < a.length; i++) total += a[i];
           if (twice) total *= 2;
         }
         function echo(bytes4 a, string memory b, address c) public pure returns (bytes4, string memory, address) {
           return (a, b, c);
         }
         function fail(string memory why) public { require(bytes(why).length == 0, why); }
       }`,
    )
    const address = `0x${'a9'.repeat(20)}`
    const results = await data(
      'deploy TableTest',
      'call TableTest latest create',
      'call TableTest latest insert fruit "a pear" 5',
      'call TableTest latest select fruit',
      'deploy Shapes',
      'call Shapes latest sum [1,2,3] true',
      `call Shapes latest echo 0x01020304 "x y" ${address}`,
    )
    expect(results[1]).toMatchObject({
      returnValues: ['0'],
      eventLogs: [{ Created: { code: '0' } }],
    })
    expect(results[2]).toMatchObject({ returnValues: ['1'] })
    expect(results[3]).toMatchObject({ returnValues: ['a pear', '5'] })
    expect(results[5]).toMatchObject({ returnValues: ['12'] })
    expect(results[6]).toMatchObject({ returnValues: ['0x01020304', 'x y', address] })
    const failed = await commands('call Shapes latest fail "out of paint"')
    expect([failed.exitCode, failed.err]).toEqual([
      1,
      expect.stringMatching(/out of paint.*status 22.*SDK_TRANSACTION_FAILED/),
    ])
    const wrong = await commands('call Shapes latest sum [1,300] true')
    expect([wrong.exitCode, wrong.err]).toEqual([
      2,
      expect.stringContaining('a[1] (uint8[]): "300" is not a whole number from 0 to 255'),
    ])
  })

  it('govern the chain: permissions, committee, operators, frozen contracts, parameters', async () => {
    const [account, deployed] = await data('getCurrentAccount', 'deploy HelloWorld')
    const me = String(account)
    const { contractAddress } = deployed as { readonly contractAddress: string }
    const other = `0x${'c0'.repeat(20)}`
    const results = await data(
      `grantUserTableManager t_fruit ${me}; listUserTableManager t_fruit; revokeUserTableManager t_fruit ${me}`,
      `freezeContract ${contractAddress}; getContractStatus ${contractAddress}; unfreezeContract ${contractAddress}`,
      `listContractStatusManager ${contractAddress}`,
      `grantCommitteeMember ${me}; listCommitteeMembers; queryThreshold`,
      `grantCommitteeMember ${other}; grantOperator 0x${'0b'.repeat(20)}; listOperators`,
      `queryCommitteeMemberWeight ${me}; updateThreshold 60; queryVotesOfThreshold`,
      'setSystemConfigByKey tx_count_limit 500; getSystemConfigByKey tx_count_limit',
      `grantCharger ${me}; listChargers`,
      `charge ${other} 100; queryRemainGas ${other}; deduct ${other} 40`,
    )
    expect(results[1]).toMatchObject([{ address: me }])
    expect(results[4]).toMatchObject({ state: 'frozen' })
    expect(results[6]).toEqual([me])
    expect(results[8]).toMatchObject([{ address: me }])
    expect(results[9]).toEqual({ threshold: 50 })
    expect(results[10]).toMatchObject({ code: 1, isDecided: true })
    expect(results[12]).toMatchObject([{ address: `0x${'0b'.repeat(20)}` }])
    expect(results[13]).toEqual({ account: me, weight: 1 })
    expect(results[14]).toMatchObject({ code: 0, isDecided: false })
    expect(results[15]).toMatchObject({ '0.600000': [{ voter: me }] })
    expect(results[17]).toBe('500')
    expect(results[19]).toEqual([me])
    expect(results[20]).toMatchObject({ remainGas: '100' })
    expect(results[21]).toMatchObject({ remainGas: '100' })
    expect(results[22]).toMatchObject({ remainGas: '60' })
    const refused = await commands('setSystemConfigByKey tx_count_limit none')
    expect([refused.exitCode, refused.err]).toEqual([
      1,
      expect.stringMatching(/setSystemConfigByKey is refused: .* \(-51300\)/),
    ])
  }, 120_000)
})

describe('groups', () => {
  it('are made and started on every node, and used like the first', async () => {
    const [sealers] = await data('getSealerList')
    const nodes = chain.endpoints.map(({ rpc }) => `127.0.0.1:${rpc}`)
    const group = `2 1590586645000 ${(sealers as readonly string[]).join(' ')}`
    const results = await data(
      ...nodes.map((node) => `generateGroup ${node} ${group}`),
      ...nodes.map((node) => `startGroup ${node} 2`),
      'getGroupList; switch 2; deploy HelloWorld; call HelloWorld latest get; getBlockNumber',
    )
    expect(results.slice(-5)).toMatchObject([
      [1, 2],
      { groupId: 2 },
      { contractAddress: expect.stringMatching(/^0x/) },
      { returnValues: ['Hello, World!'] },
      1,
    ])
  }, 120_000)
})

describe('connections', () => {
  const channel = (index: number) => [
    '--channel',
    `127.0.0.1:${chain.endpoints[index]!.channel}`,
    '--certs',
    chain.sdkFolder,
  ]

  it('by the Channel protocol and by WebSocket do the same', async () => {
    const webSocket = ['--websocket', url.replace('http', 'ws')]
    for (const way of [channel(0), webSocket]) {
      const set = ['-c', 'call HelloWorld latest set pushed', '-c', 'getCryptoType']
      const { exitCode, out, err } = await run([...way, ...set])
      expect([exitCode, err]).toEqual([0, ''])
      expect(out).toContain('"text":"pushed"')
    }
  })

  it('carry messages of topics from console to console, and events', async () => {
    const hearing = run([...channel(1), '--json', '-c', 'subscribeTopic news 1'])
    // Nodes tell each other about topics every now and then.
    await until('somebody hears the topic', 30_000, async () => {
      const { exitCode } = await run([...channel(0), '-c', 'publishTopic news "good ones"'])
      return exitCode === 0
    })
    const { out } = await hearing
    expect(JSON.parse(out.split('\n')[0]!)).toMatchObject({
      result: { topic: 'news', message: 'good ones', broadcast: false },
    })
    const [height] = await data('getBlockNumber')
    const found = await data(`listenEvent HelloWorld latest Changed 1 ${Number(height)}`)
    expect(found[0]).toMatchObject({ Changed: { text: 'pushed' } })
  }, 120_000)
})

describe('a person at a terminal', () => {
  /** Types keys when the screen shows what is waited for; all that the screen has shown. */
  async function type(steps: readonly (readonly [shown: string | RegExp, keys: string])[]) {
    const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => {} })
    const screen = Object.assign(new PassThrough(), { isTTY: true, columns: 200, rows: 50 })
    let shown = ''
    screen.setEncoding('utf8')
    screen.on('data', (chunk: string) => {
      shown += chunk
    })
    const terminal = new Terminal({ input, output: screen, errors: screen, hasColors: false })
    const state = join(folder, 'state')
    const places = ['--accounts', join(folder, 'account'), '--contracts', join(folder, 'contracts')]
    const ended = main(['console', '--url', url, '--state', state, ...places], terminal)
    let from = 0
    for (const [wanted, keys] of steps) {
      await until(`the screen shows ${String(wanted)}: ${shown}`, 20_000, () => {
        const at = shown.slice(from).search(wanted)
        if (at === -1) return false
        from += at + 1
        return true
      })
      for (const key of keys) input.write(key)
    }
    return { exitCode: await ended, shown, state }
  }

  it('has completion, a history that is kept, hidden passwords, and errors that do not end it', async () => {
    const { exitCode, shown, state } = await type([
      [/\[group:1\]> /, 'getBlockNu\t'],
      [/getBlockNumber/, '\r'],
      [/\n\d+\r?\n[^]*\[group:1\]> /, 'getPers\r'],
      [/did you mean getPeers\?[^]*\[group:1\]> /, 'newAccount p12\r'],
      [/Password for the account 0x[0-9a-f]{40}: /, 'open sesame\r'],
      [/The same again: /, 'open sesame\r'],
      [/AccountPath: [^]*\[group:1\]> /, 'getCurrentAccount; getGroupList\r'],
      [/0x[0-9a-f]{40}\n\[\n {4}1,?\n[^]*\[group:1\]> /, 'deploy Sha\t'],
      [/deploy Shapes/, '\u0003'],
      [/\[group:1\]> /, 'quit\r'],
    ])
    expect(exitCode).toBe(0)
    expect(shown).not.toContain('sesame')
    expect(readFileSync(join(state, 'history'), 'utf8').split('\n')).toEqual([
      'getBlockNumber',
      'getPers',
      'getCurrentAccount; getGroupList',
      'quit',
      '',
    ])
  }, 60_000)

  it('finds the lines of last time, and leaves with Ctrl-D', async () => {
    const { exitCode } = await type([
      [/\[group:1\]> /, '\u001b[A\u001b[A'],
      [/getCurrentAccount; getGroupList/, '\r'],
      [/\[\n {4}1,?\n[^]*\[group:1\]> /, '\u0004'],
    ])
    expect(exitCode).toBe(0)
    expect(existsSync(join(folder, 'state', 'history'))).toBe(true)
  }, 60_000)

  it('is told at once when there is no node, or no such group', async () => {
    const silent = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => {} })
    const errors = new PassThrough()
    const terminal = new Terminal({ input: silent, output: new PassThrough(), errors })
    expect(await main(['console', '--url', 'http://127.0.0.1:1'], terminal)).toBe(1)
    expect(await main(['console', '--url', url, '-g', '7'], terminal)).toBe(1)
    errors.end()
    expect(await text(errors)).toMatch(/SDK_NO_CONNECTION[^]*group 7: the node serves the groups 1/)
  })
})
