import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLogger, type LogRecord } from '@bcos-ts/common'
import type { NodeIdLists } from '@bcos-ts/network'
import { World } from '@bcos-ts/testing/simulator'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { reloadNodeLists, SdkAllowLists } from './access-lists.ts'
import { FileSignals, type SignalActions } from './file-signals.ts'

const ONE = '1'.repeat(128)
const TWO = 'Ab'.repeat(64)

let folder: string
let logs: LogRecord[]
const logger = createLogger({ isOn: () => true, write: (record) => void logs.push(record) })

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bcos-ts-lists-'))
  logs = []
})

afterEach(() => rmSync(folder, { recursive: true }))

const place = (name: string): string => join(folder, name)
const texts = (level: string): string[] =>
  logs.filter((record) => record.level === level).map(({ message }) => message)

describe('a signal file', () => {
  async function watch(actions: SignalActions) {
    const time = new World({ startMs: 1_000_000 })
    const signals = new FileSignals(place('config.ini'), actions, { timers: time, logger })
    signals.start()
    return { time, signals }
  }

  it('is taken away and acted on once, each time it appears', async () => {
    const acted: string[] = []
    const { time, signals } = await watch({
      one: () => void acted.push('one'),
      two: async () => void acted.push('two'),
    })
    await time.pass(500)
    writeFileSync(place('config.ini.one'), '')
    await time.pass(500)
    writeFileSync(place('config.ini.one'), '')
    writeFileSync(place('config.ini.two'), '')
    writeFileSync(place('config.ini.three'), '')
    await time.pass(500)
    expect(acted).toEqual(['one', 'one', 'two'])
    expect(['one', 'two', 'three'].map((name) => existsSync(place(`config.ini.${name}`)))).toEqual([
      false,
      false,
      true,
    ])
    signals.stop()
    writeFileSync(place('config.ini.one'), '')
    await time.pass(500)
    expect(existsSync(place('config.ini.one'))).toBe(true)
  })

  it('that cannot be taken away is not acted on, and is told of once', async () => {
    const acted: string[] = []
    const { time } = await watch({ one: () => void acted.push('one') })
    mkdirSync(place('config.ini.one'))
    await time.pass(1000)
    expect([acted, texts('error')]).toEqual([[], ['Signal cannot be taken']])
  })
})

describe('lists of nodes', () => {
  let given: NodeIdLists[]
  const network = { setLists: (lists: NodeIdLists) => void given.push(lists) }
  const reload = (text: string): void => {
    writeFileSync(place('config.ini'), text)
    reloadNodeLists(place('config.ini'), network, logger)
  }
  beforeEach(() => {
    given = []
  })

  it('are read again, both', () => {
    reload(`[certificate_whitelist]\ncal.0=${ONE}\ncal.1=${TWO}\n[crl]\ncrl.0=${TWO}\n[p2p]\n`)
    expect(given).toEqual([{ allowed: [ONE, TWO.toLowerCase()], denied: [TWO.toLowerCase()] }])
    expect(texts('info')).toEqual(['Lists of nodes were read again'])
  })

  it.each([
    [`[certificate_blacklist]\ncrl.0=${ONE}0\n`, 'CONFIG_INVALID_VALUE'],
    ['[certificate_whitelist]\ncal.0=node3\n', 'CONFIG_INVALID_VALUE'],
    ['certificate_whitelist\n', 'CONFIG_SYNTAX'],
  ])('are refused as a whole: %j', async (text, code) => {
    writeFileSync(place('config.ini'), text)
    const time = new World({ startMs: 1_000_000 })
    const action = () => reloadNodeLists(place('config.ini'), network, logger)
    new FileSignals(place('config.ini'), { reload: action }, { timers: time, logger }).start()
    writeFileSync(place('config.ini.reload'), '')
    await time.pass(200)
    expect(given).toEqual([])
    expect(logs.at(-1)).toMatchObject({
      level: 'error',
      message: 'Signal refused, nothing was changed',
      fields: { code, reason: expect.stringContaining('config.ini') },
    })
  })
})

describe('lists of SDKs', () => {
  const listOf = (...keys: readonly string[]): string =>
    ['[sdk_allowlist]', ...keys.map((key, index) => `public_key.${index}=${key}`)].join('\n')

  it('are read again for all groups; a bad file leaves its group as it was', () => {
    const lists = new SdkAllowLists()
    for (const groupId of [1, 2]) {
      const file = place(`group.${groupId}.ini`)
      writeFileSync(file, listOf(ONE))
      lists.set(groupId, file, [ONE])
    }
    lists.set(3, place('group.3.ini'), [])
    const may = (key: string): boolean[] => [1, 2, 3, 4].map((id) => lists.isAllowed(id, key))
    const two = TWO.toLowerCase()
    expect([may(ONE), may(two)]).toEqual([
      [true, true, true, true],
      [false, false, true, true],
    ])
    writeFileSync(place('group.1.ini'), listOf(TWO))
    writeFileSync(place('group.2.ini'), listOf(TWO, 'somebody'))
    lists.reload(logger)
    expect([may(ONE), may(two)]).toEqual([
      [false, true, true, true],
      [true, false, true, true],
    ])
    expect(texts('error')).toEqual(['List of SDKs refused, the former one stays'])
    rmSync(place('group.1.ini'))
    writeFileSync(place('group.2.ini'), '')
    lists.reload(logger)
    expect(may(ONE)).toEqual([false, true, true, true])
    expect(may(two)).toEqual([true, true, true, true])
  })
})
