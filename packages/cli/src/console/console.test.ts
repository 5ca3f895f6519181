import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Terminal } from '../terminal.ts'
import { Arguments } from './arguments.ts'
import { THEMES } from './command.ts'
import { COMMANDS } from './commands/index.ts'
import { completionsOf, type CompletionSource } from './completion.ts'
import { Deployments } from './deployments.ts'
import { readGroupFile } from './group-file.ts'
import { History } from './history.ts'
import { namesOf } from './interpreter.ts'
import { splitCommands } from './line.ts'
import { fields, json, message, table, value } from './output.ts'
import { usageOf } from './parameter.ts'
import { dataOf, render } from './render.ts'
import { parseSql } from './sql/parse.ts'
import { nearestNames } from './suggest.ts'

/** Names of the console 2.9, and those of earlier releases of 2.x that it has no more. */
const OF_2_9 = `help h switch s quit q exit addObserver addPeers addSealer call callByCNS chargeGas create deductGas delete
deploy deployByCNS desc erasePeers freezeAccount freezeContract generateGroup generateGroupFromFile getAccountStatus
getAvailableConnections getBatchReceiptsByBlockHashAndRange getBatchReceiptsByBlockNumberAndRange getBlockByHash
getBlockByNumber getBlockHashByNumber getBlockHeaderByHash getBlockHeaderByNumber getBlockNumber getCode getConsensusStatus
getContractStatus getCryptoType getCurrentAccount getDeployLog getGroupConnections getGroupList getGroupPeers getNodeIDList
getNodeInfo getNodeVersion getObserverList getPbftView getPeers getPendingTransactions getPendingTxSize getSealerList
getSyncStatus getSystemConfigByKey getTotalTransactionCount getTransactionByBlockHashAndIndex
getTransactionByBlockNumberAndIndex getTransactionByHash getTransactionByHashWithProof getTransactionReceipt
getTransactionReceiptByHashWithProof grantCNSManager grantCharger grantCommitteeMember grantContractStatusManager
grantContractWritePermission grantDeployAndCreateManager grantNodeManager grantOperator grantSysConfigManager
grantUserTableManager insert listAbi listAccount listCNSManager listChargers listCommitteeMembers listContractStatusManager
listContractWritePermission listDeployAndCreateManager listDeployContractAddress listNodeManager listOperators
listSysConfigManager listUserTableManager loadAccount newAccount queryCNS queryCommitteeMemberWeight queryGroupStatus queryPeers
queryRemainGas queryThreshold queryVotesOfMember queryVotesOfThreshold recoverGroup registerCNS removeGroup removeNode
revokeCNSManager revokeCharger revokeCommitteeMember revokeContractStatusManager revokeContractWritePermission
revokeDeployAndCreateManager revokeNodeManager revokeOperator revokeSysConfigManager revokeUserTableManager select
setSystemConfigByKey startGroup stopGroup unfreezeAccount unfreezeContract update updateCommitteeMemberWeight updateThreshold
grantPermissionManager listPermissionManager revokePermissionManager getClientVersion`

const REFERENCE = join(import.meta.dirname, '../../../../docs/reference/console.md')

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bcos-ts-console-'))
})

afterEach(() => {
  rmSync(folder, { recursive: true })
})

describe('the table of commands', () => {
  it('has every name once, whatever the case of its letters', () => {
    const names = COMMANDS.flatMap(namesOf).map((name) => name.toLowerCase())
    expect(names).toEqual([...new Set(names)])
    expect(names.length).toBeGreaterThan(100)
  })

  it('has every command of the console 2.9', () => {
    const names = new Set(COMMANDS.flatMap(namesOf))
    expect(OF_2_9.split(/\s+/).filter((name) => !names.has(name))).toEqual([])
  })

  it('has a command for every theme', () => {
    expect(new Set(COMMANDS.map(({ theme }) => theme))).toEqual(new Set(THEMES))
  })

  it.each(COMMANDS.map((command) => [command.name, command] as const))(
    '%s has help, and an example that can be read',
    (_, command) => {
      expect(command.summary).not.toBe('')
      for (const { help } of command.parameters) expect(help).not.toBe('')
      const [text = '', ...more] = splitCommands(command.example)
      expect(more).toEqual([])
      expect(text.split(' ')[0]).toBe(command.name)
      expect(Arguments.of(command, text).text).toBe(text)
      if (command.isText === true) expect(parseSql(text).kind).toBe(command.name)
    },
  )

  it('is the reference: the page names every command, how it is called, and its other names', () => {
    const page = readFileSync(REFERENCE, 'utf8')
    for (const command of COMMANDS) {
      // A bar would end the cell of a table in Markdown.
      expect(page).toContain(`\`${usageOf(command).replaceAll('|', String.raw`\|`)}\``)
      expect(page).toContain(command.summary)
      for (const alias of command.aliases ?? []) expect(page).toContain(`\`${alias}\``)
    }
  })

  it('refuses what is too little, too much, or of another form, and tells the usage', () => {
    const find = (name: string) => COMMANDS.find((command) => command.name === name)!
    for (const [line, reason] of [
      ['getBlockByNumber', 'blockNumber is missing; usage: getBlockByNumber blockNumber'],
      ['getBlockByNumber 1 true 3', '"3" is too much'],
      ['getBlockByNumber -1', 'a number from 0 to 2147483647 is expected'],
      ['getBlockByHash 0x12', 'a hash of 0x and 64 hexadecimal digits is expected'],
      ['addSealer abc', 'a node id of 128 hexadecimal digits is expected'],
      ['call HelloWorld nowhere get', 'or latest is expected'],
      ['generateGroup 2 1 zz', 'a node id of 128'],
    ] as const) {
      expect(() => Arguments.of(find(line.split(' ')[0]!), line)).toThrow(
        expect.objectContaining({
          code: 'CONSOLE_ARGUMENT',
          message: expect.stringContaining(reason),
        }),
      )
    }
  })

  it('tells a node before a group from the group', () => {
    const start = COMMANDS.find(({ name }) => name === 'startGroup')!
    const alone = Arguments.of(start, 'startGroup 2')
    expect([alone.optional('endPoint'), alone.number('groupId')]).toEqual([undefined, 2])
    const both = Arguments.of(start, 'startGroup 127.0.0.1:20200 2')
    expect([both.optional('endPoint'), both.number('groupId')]).toEqual(['127.0.0.1:20200', 2])
  })
})

describe('what is shown', () => {
  const terminal = new Terminal({
    input: new PassThrough(),
    output: new PassThrough(),
    errors: new PassThrough(),
    hasColors: false,
  })
  const evil = '\u001b[2J\u0007\u009b1m'
  const harmless = String.raw`\x1b[2J\x07\x9b1m`

  it('cannot steer the terminal, whoever wrote it', () => {
    for (const output of [
      value(evil),
      message(evil),
      json(evil),
      json([evil]),
      fields([['f', evil]]),
      table(['f'], [[evil]], ''),
      { kind: 'sections', sections: [['s', value(evil)]] } as const,
    ]) {
      // oxlint-disable-next-line no-control-regex -- these are what is looked for
      expect(render(output, terminal)).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/)
    }
    expect(render(fields([['f', `a\n${evil}`]]), terminal)).toBe(`f: a\n${harmless}`)
  })

  it('is data for programs, with names that they can use', () => {
    expect(dataOf(fields([['transaction hash', '0x']]))).toEqual({ transactionHash: '0x' })
    expect(dataOf(table(['enable_num'], [[1]], ''))).toEqual([{ enable_num: 1 }])
    expect(render(table(['a'], [], 'None.'), terminal)).toBe('None.')
  })
})

describe('suggestions', () => {
  const known = COMMANDS.flatMap(namesOf)

  it.each([
    ['getBlokNumber', 'getBlockNumber'],
    ['getBlcokNumber', 'getBlockNumber'],
    ['deplyo', 'deploy'],
    ['queryTresholds', 'queryThreshold'],
  ])('%s means %s', (typed, meant) => {
    expect(nearestNames(typed, known)[0]).toBe(meant)
  })

  it('are names that the typed one begins, and none for what is like nothing', () => {
    expect(nearestNames('getTransactionR', known)).toEqual([
      'getTransactionReceipt',
      'getTransactionReceiptByHashWithProof',
    ])
    expect(nearestNames('xyzzy', known)).toEqual([])
  })
})

describe('completion', () => {
  const asked: unknown[] = []
  const source: CompletionSource = {
    names: async (kind, words) => {
      asked.push([kind, words])
      return kind === 'contract' ? ['HelloWorld', 'TableTest'] : [`a-${kind}`]
    },
  }
  const complete = async (line: string) => completionsOf(line, COMMANDS, source)

  it('offers commands, whatever the case, also behind a ;', async () => {
    expect(await complete('getblockn')).toEqual([['getBlockNumber'], 'getblockn'])
    expect(await complete('getPeers; getblockn')).toEqual([['getBlockNumber'], 'getblockn'])
    expect((await complete(''))[0]).toHaveLength(COMMANDS.flatMap(namesOf).length)
  })

  it('offers what the parameter at the place may be', async () => {
    expect(await complete('deploy Hel')).toEqual([['HelloWorld'], 'Hel'])
    expect(await complete('CALL HelloWorld ')).toEqual([['a-deployed'], ''])
    asked.length = 0
    expect(await complete('call HelloWorld latest a')).toEqual([['a-function'], 'a'])
    expect(asked).toEqual([['function', ['call', 'HelloWorld', 'latest']]])
    expect(await complete('loadAccount ')).toEqual([['a-account'], ''])
    expect(await complete('addPeers a:1 ')).toEqual([['a-endpoint'], ''])
  })

  it('offers tables where SQL names one, and nothing where nothing is known', async () => {
    expect(await complete('select * from a')).toEqual([['a-table'], 'a'])
    expect(await complete('insert into ')).toEqual([['a-table'], ''])
    expect(await complete('select a')).toEqual([[], 'a'])
    expect(await complete('nothing a')).toEqual([[], 'a'])
    expect(await complete('getBlockNumber a')).toEqual([[], 'a'])
  })
})

describe('history', () => {
  it('keeps lines, the newest first, and nothing about keys', async () => {
    const history = new History(join(folder, 'state'))
    expect(await history.read()).toEqual([])
    const kept = ['getBlockNumber', 'select * from t where a = b']
    const lines = [...kept, '', 'loadAccount a.p12', 'getPeers; NEWACCOUNT p12', ' loadaccount x']
    for (const line of lines) await history.add(line)
    expect(await new History(join(folder, 'state')).read()).toEqual(kept.toReversed())
  })
})

describe('deployments', () => {
  const group = { genesisHash: `0x${'ab'.repeat(32)}`, groupId: 1 }
  const abi = [{ type: 'function', name: 'get' }] as const
  const addressOf = (digit: string) => `0x${digit.repeat(40)}`

  it('are known after a restart, by group and chain', async () => {
    const first = new Deployments(folder)
    expect(await first.list(group)).toEqual([])
    await first.add({ ...group, name: 'A', address: addressOf('1'), timeMs: 1 }, abi)
    await first.add({ ...group, name: 'A', address: addressOf('2'), timeMs: 2 }, abi)
    await first.add({ ...group, groupId: 2, name: 'A', address: addressOf('3'), timeMs: 3 }, abi)
    const again = new Deployments(folder)
    expect((await again.list(group)).map(({ timeMs }) => timeMs)).toEqual([2, 1])
    expect(await again.latest(group, 'A')).toMatchObject({ address: addressOf('2') })
    expect(await again.latest(group, 'B')).toBeUndefined()
    expect(await again.abi(group, addressOf('1'))).toEqual(abi)
    expect(await again.abi({ ...group, groupId: 2 }, addressOf('1'))).toBeUndefined()
    expect(await again.latest({ ...group, genesisHash: '0x00' }, 'A')).toBeUndefined()
  })

  it('outlive lines that were cut off', async () => {
    const deployments = new Deployments(folder)
    await deployments.add({ ...group, name: 'A', address: addressOf('1'), timeMs: 1 }, abi)
    writeFileSync(join(folder, 'deployments.jsonl'), '{"timeMs":5\nnull\n[]\n', { flag: 'a' })
    expect(await deployments.list(group)).toHaveLength(1)
  })
})

describe('the file of a new group', () => {
  const id = 'c1'.repeat(64)
  const text = (peers: string, sealers: string, timestamp: string) =>
    `# The peers\n[groupPeers]\npeers=[${peers}]\n[consensus]\nsealerList=[\n${sealers}]\n[genesis]\ntimestamp = ${timestamp}\n`

  it('is read as 2.x writes it', () => {
    const read = readGroupFile(text('"127.0.0.1:1", "b:2"', `"${id}"`, '"1590586645000"'), 'f')
    expect(read).toEqual({
      peers: ['127.0.0.1:1', 'b:2'],
      sealers: [id],
      timestamp: '1590586645000',
    })
  })

  it.each([
    [text('', `"${id}"`, '1'), 'peers'],
    [text('"a:1"', '', '1'), 'sealerList'],
    [text('"a:1"', `"${id}"`, 'now'), 'timestamp'],
    [text('"a"', `"${id}"`, '1'), 'a is not a node as HOST:PORT'],
    [text('"a:1"', '"12"', '1'), '12 is not a node id'],
  ])('is refused for what it lacks', (content, reason) => {
    expect(() => readGroupFile(content, 'f')).toThrow(
      expect.objectContaining({
        code: 'CLI_FILE_UNREADABLE',
        message: expect.stringContaining(reason),
      }),
    )
  })
})
