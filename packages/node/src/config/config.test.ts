import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseGenesisFile } from './genesis-file.ts'
import { parseGroupConfig } from './group-config.ts'
import { parseIni } from './ini.ts'
import { parseNodeConfig } from './node-config.ts'

const RECORDED = join(import.meta.dirname, '..', '..', 'vectors', 'recordings', 'chain4', 'genesis')
const recorded = (name: string): string => readFileSync(join(RECORDED, name), 'utf8')

describe('files of a real chain', () => {
  it('config.ini is read without a warning', () => {
    const config = parseNodeConfig(recorded('node1.config.ini'), 'config.ini')
    expect(config.rpc.channel).toEqual({ host: '127.0.0.1', port: 21_201 })
    expect(config.p2p.peers).toHaveLength(4)
    expect(config.p2p.peers[2]).toEqual({ host: '127.0.0.1', port: 31_302 })
    expect(config.chain).toEqual({
      id: 1,
      isGuomi: false,
      isGuomiChannel: false,
      isRsaChannel: true,
    })
    expect(config.rules.supported).toBe('2.9.0')
    expect(config.encryption).toBeUndefined()
    expect(config.warnings).toEqual([])
  })

  it('group.1.ini is read without a warning, for it says what is usual', () => {
    const config = parseGroupConfig(recorded('group.1.ini'), 'group.1.ini')
    expect(config.pool).toEqual({
      limit: 150_000,
      memoryBytes: 512 * 1024 * 1024,
      expirationMs: 600_000,
    })
    expect(config.consensus.minBlockGenerationMs).toBe(500)
    expect(config.warnings).toEqual([])
  })

  it('group.1.ini says how long a block may be undecided, 0 for ever', () => {
    const waitOf = (text: string): number =>
      parseGroupConfig(text, 'group.1.ini').sync.undecidedWaitMs
    expect(waitOf('[sync]\n')).toBe(20_000)
    expect(waitOf('[sync]\nundecided_wait=60\n')).toBe(60_000)
    expect(waitOf('[sync]\nundecided_wait=0\n')).toBe(Infinity)
    expect(() => waitOf('[sync]\nundecided_wait=-1\n')).toThrow(/undecided_wait/)
  })

  it('group.1.genesis names the four sealers', () => {
    const { genesis, ini } = parseGenesisFile(recorded('group.1.genesis'), 'group.1.genesis')
    expect(genesis.sealers).toHaveLength(4)
    expect(genesis.timestamp).toBe(1_795_327_973_000n)
    expect(ini.unknown()).toEqual([])
  })
})

describe('a key that changes nothing', () => {
  it.each([
    ['[storage]\nbinary_log=true', 'group.1.ini:2: storage.binary_log has no effect'],
    ['[consensus]\n\nttl=1\ntypo=3', 'group.1.ini:4: consensus.typo has no effect: no such key'],
    ['[tx_pool]\nnotify_worker_num=8', 'tx_pool.notify_worker_num has no effect'],
  ])('%j is named with its place and reason', (text, expected) => {
    const { warnings } = parseGroupConfig(text, 'group.1.ini')
    expect(warnings).toHaveLength(1)
    expect(warnings[0]).toContain(expected)
  })
})

const VERSION = '[compatibility]\nsupported_version=2.9.0\n'

describe('a value that does not fit', () => {
  it.each([
    [
      '[rpc]\njsonrpc_listen_port=80\n',
      'config.ini:2: rpc.jsonrpc_listen_port is "80", expected an integer from 1025',
    ],
    ['[rpc]\nlisten_ip=localhost\n', 'rpc.listen_ip is "localhost", expected an IP address'],
    ['[p2p]\nnode.0=127.0.0.1\n', 'p2p.node.0 is "127.0.0.1", expected host:port'],
    ['[p2p]\nenable_compress=yes\n', 'p2p.enable_compress is "yes", expected true or false'],
    ['[log]\nlevel=loud\n', 'expected trace, debug, info'],
    ['[certificate_whitelist]\ncal.0=12\n', 'expected a node id of 128'],
    ['[flow_control]\nlimit_req=0\n', 'flow_control.limit_req is "0"'],
    ['[storage_security]\nenable=true\nkey_manager_ip=127.0.0.1\n', 'cipher_data_key'],
    ['[chain]\nid=-1\n', 'chain.id is "-1"'],
  ])('%j is refused with file, line, key and form', (text, expected) => {
    expect(() => parseNodeConfig(text + VERSION, 'config.ini')).toThrow(
      expect.objectContaining({
        code: 'CONFIG_INVALID_VALUE',
        message: expect.stringContaining(expected),
      }),
    )
  })

  it('is refused in genesis files too', () => {
    const of = (line: string): unknown => parseGenesisFile(`[consensus]\n${line}\n`, 'g')
    expect(() => of('node.0=xyz')).toThrow(/g:2: consensus\.node\.0/)
    expect(() => of('max_trans_num=abc')).toThrow(/expected an integer/)
    expect(() => of('consensus_type=paxos')).toThrow(/pbft, rpbft, raft/)
    expect(() => parseGenesisFile('[state]\ntype=mpt', 'g')).toThrow(/expected storage/)
  })

  it('of the chain format is refused with what is spoken', () => {
    expect(() => parseNodeConfig('[compatibility]\nsupported_version=2.4.0', 'c')).toThrow(
      expect.objectContaining({ code: 'PROTOCOL_UNSUPPORTED_VERSION' }),
    )
    expect(() => parseNodeConfig('', 'c')).toThrow(
      expect.objectContaining({ code: 'CONFIG_MISSING_KEY' }),
    )
  })
})

describe('syntax', () => {
  it.each([
    ['[a]\nx=1\nx=2', 3, 'a.x is given twice'],
    ['[a]\n[b]\n[a]', 3, '[a] is given twice'],
    ['[a', 1, 'a section ends with'],
    ['[a]\nword', 2, 'expected key=value'],
  ])('%j is refused at its line', (text, line, reason) => {
    expect(() => parseIni(text, 'f')).toThrow(
      expect.objectContaining({
        code: 'CONFIG_SYNTAX',
        details: { file: 'f', line, reason: expect.stringContaining(reason) },
      }),
    )
  })

  it('takes blanks, remarks, carriage returns and "=" in values', () => {
    const ini = parseIni('; remark\r\n [a] \r\n  x = 1=2 \r\n', 'f')
    expect(ini.text('a.x', '')).toBe('1=2')
  })

  it('takes origins of web pages, and nothing that only looks like one', () => {
    const origins = (value: string) =>
      parseNodeConfig(
        `[rpc]\nallowed_origin.0=${value}\n[compatibility]\nsupported_version=2.9.0\n`,
        'config.ini',
      ).rpc.allowedOrigins
    expect(origins('https://explorer.example')).toEqual(['https://explorer.example'])
    for (const value of ['explorer.example', 'https://explorer.example/', '*', 'null']) {
      expect(() => origins(value), value).toThrow(/expected the origin of a web page/)
    }
  })

  it('takes IPv6 peers and old section names', () => {
    const text = `[p2p]\nnode.0=[::1]:30300\n[crl]\ncrl.0=${'AB'.repeat(64)}\n${VERSION}`
    const config = parseNodeConfig(text, 'c')
    expect(config.p2p.peers).toEqual([{ host: '::1', port: 30_300 }])
    expect(config.denied).toEqual(['ab'.repeat(64)])
  })
})
