import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { certificatesFromPem } from '@bcos-ts/crypto/certificate'
import { parseNodeConfig } from '@bcos-ts/node'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { writeChain } from '../src/index.ts'
import { bcosTs, planChain } from './support.ts'

let folder: string
let output: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bcos-ts-'))
  output = join(folder, 'nodes')
})

afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

const build = async (...flags: readonly string[]) =>
  bcosTs(['build-chain', '-l', '127.0.0.1:1', '-o', output, ...flags])

const read = (path: string): string => readFileSync(join(output, path), 'utf8')

const configOf = (path: string = '127.0.0.1/node0') =>
  parseNodeConfig(read(`${path}/config.ini`), 'config.ini')

describe('build-chain', () => {
  it('makes a chain, and says what it made and what to do next', async () => {
    const made = await bcosTs(['build-chain', '-l', '127.0.0.1:2', '-o', output, '-R'])
    expect(made.exitCode).toBe(0)
    const nodeId = read('127.0.0.1/node1/conf/node.nodeid').slice(0, 8)
    expect(made.out).toMatch(
      new RegExp(`127.0.0.1/node1 │ 127.0.0.1:30301 │ 20201 +│ 8546 │ ${nodeId}…`),
    )
    expect(made.out).toContain(`sh ${join(output, '127.0.0.1', 'start_all.sh')}`)
  })

  it('takes all letters of build_chain.sh in one line', async () => {
    const letters = ['-p', '31000,21000,9000', '-v', '2.9.1', '-C', '9', '-c', 'PBFT', '-X', '10']
    const switches = ['-i', '-R', '-T', '-S', '-F', '-E', '-N', '-Z', '-z', '-s', 'RocksDB']
    const { exitCode, err } = await build(...letters, ...switches)
    expect([exitCode, err.replace(/^making.*\n/, '')]).toEqual([0, ''])
    const config = configOf()
    expect(config.p2p.listen).toEqual({ host: '0.0.0.0', port: 31_000 })
    expect(config.rpc.http).toEqual({ host: '0.0.0.0', port: 9000 })
    expect(config.rules.supported).toBe('2.9.1')
    expect(config.chain).toMatchObject({ id: 9, isRsaChannel: false })
    expect(config.log).toMatchObject({ level: 'debug', hasStatistics: true, isFlushed: false })
    expect(read('127.0.0.1/node0/conf/group.1.genesis')).toContain('enable_free_storage=true')
    expect(read('127.0.0.1/node0/sdk/sdk.publickey')).toBe(read('127.0.0.1/sdk/sdk.publickey'))
    expect(readdirSync(output)).toContain('127.0.0.1.tar.gz')
    const [leaf] = certificatesFromPem(read('127.0.0.1/node0/conf/node.crt'))
    expect(leaf.issuer.organizationalUnit).toBe('chain')
    expect(leaf.notAfterMs - leaf.notBeforeMs).toBe(10 * 86_400_000)
  })

  it('reads hosts from a file', async () => {
    const file = join(folder, 'ipconf')
    writeFileSync(file, '[::1]:1 agencyA 1,3\n')
    expect((await bcosTs(['build-chain', '-f', file, '-o', output, '-6', '-R'])).exitCode).toBe(0)
    expect(configOf('::1/node0').p2p.peers).toEqual([{ host: '::1', port: 30_300 }])
    expect(readdirSync(join(output, '::1', 'node0', 'conf'))).toContain('group.3.genesis')
  })

  it('builds on chain authorities that exist, and keeps their keys where they are', async () => {
    await writeChain(await planChain({ isGuomi: true }), join(folder, 'first'))
    const authority = (name: string) => join(folder, 'first', name)
    const given = ['-g', '-k', authority('cert'), '-K', authority('gmcert')]
    expect((await build(...given)).exitCode).toBe(0)
    const before = readFileSync(join(authority('gmcert'), 'gmca.crt'), 'utf8')
    expect(read('127.0.0.1/node0/conf/gmca.crt')).toBe(before)
    expect(read('127.0.0.1/node0/conf/origin_cert/ca.crt')).toBe(read('cert/ca.crt'))
    expect(readdirSync(join(output, 'cert'))).not.toContain('ca.key')
    expect(readdirSync(join(output, 'gmcert'))).not.toContain('gmca.key')
  })

  it('trusts the root above an intermediate chain authority', async () => {
    const first = await planChain()
    await writeChain(first, join(folder, 'first'))
    const from = join(folder, 'first', 'cert')
    const ca = mkdtempSync(join(folder, 'ca-'))
    const copy = (source: string, name: string) =>
      writeFileSync(join(ca, name), readFileSync(join(from, source)))
    copy('agency/agency.crt', 'ca.crt')
    copy('agency/agency.key', 'ca.key')
    copy('ca.crt', 'root.crt')
    expect((await build('-k', ca)).exitCode).toBe(0)
    const conf = join(output, '127.0.0.1', 'node0', 'conf')
    expect(readFileSync(join(conf, 'ca.crt'), 'utf8')).toBe(
      readFileSync(join(from, 'ca.crt'), 'utf8'),
    )
    const { out } = await bcosTs(['cert', 'show', join(conf, 'node.crt')])
    expect(out).toContain('A good chain of 4 certificates.')
  })

  it('refuses an authority whose key is another one', async () => {
    await writeChain(await planChain(), join(folder, 'first'))
    await writeChain(await planChain(), join(folder, 'second'))
    const cert = join(folder, 'first', 'cert')
    writeFileSync(join(cert, 'ca.key'), readFileSync(join(folder, 'second', 'cert', 'ca.key')))
    const { exitCode, err } = await build('-k', cert)
    expect(exitCode).toBe(2)
    expect(err).toContain('ca.key')
    expect(readdirSync(folder)).not.toContain('nodes')
  })

  it.each([
    ['-d', 'image'],
    ['-e /usr/bin/fisco-bcos', 'BCOS_TS'],
    ['-q', 'bcos-ts -v'],
    ['-t cert.cnf', '-k'],
    ['-s mysql', 'rocksdb'],
    ['-s scalable', 'rocksdb'],
    ['-s external', 'rocksdb'],
  ])('says why it does not do %s', async (flags, word) => {
    const { exitCode, out, err } = await build(...flags.split(' '))
    expect([exitCode, out]).toEqual([2, ''])
    expect(err).toMatch(/^error: -. ?.*is not offered: .*\(CLI_UNSUPPORTED_FLAG\)$/m)
    expect(err).toContain(word)
  })

  it.each([
    ['-f hosts', 'give one'],
    ['-c paxos', 'pbft, raft and rpbft'],
    ['-C minus', 'integer'],
    ['-X 0', 'integer'],
    ['-p 30300', 'three ports'],
    ['-G', '-g'],
    ['--no-such-flag', 'unknown option'],
    ['surplus', 'too many arguments'],
  ])('refuses %s', async (flags, word) => {
    const { exitCode, out, err } = await build(...flags.split(' '))
    expect([exitCode, out]).toEqual([2, ''])
    expect(err).toContain(word)
    expect(readdirSync(folder)).toEqual([])
  })

  it('needs hosts', async () => {
    const { exitCode, err } = await bcosTs(['build-chain', '-o', output])
    expect(exitCode).toBe(2)
    expect(err).toContain('-l 127.0.0.1:4')
  })

  it('refuses a format that no node speaks', async () => {
    const { exitCode, err } = await build('-v', '2.8.0')
    expect(exitCode).toBe(1)
    expect(err).toContain('PROTOCOL_UNSUPPORTED_VERSION')
  })

  it('leaves alone what is there', async () => {
    expect((await build('-R')).exitCode).toBe(0)
    const before = read('127.0.0.1/node0/conf/node.key')
    const again = await build('-R')
    expect(again.exitCode).toBe(1)
    expect(again.err).toMatch(/exists already: .*\(CLI_OUTPUT_EXISTS\)/)
    expect(read('127.0.0.1/node0/conf/node.key')).toBe(before)
  })

  it('warns of what is made for nodes of the reference alone', async () => {
    const { exitCode, err } = await build('-g', '-R')
    expect(exitCode).toBe(0)
    expect(err).toMatch(/^warning: -g: /m)
  })
})

describe('the command line', () => {
  it.each([['-v'], ['--version'], ['version']])(
    'shows five lines of release with %s',
    async (flag) => {
      const { exitCode, out } = await bcosTs([flag])
      expect(exitCode).toBe(0)
      const lines = out.trimEnd().split('\n')
      expect(lines.map((line) => line.slice(0, 21))).toEqual([
        'FISCO-BCOS Version : ',
        'Build Time         : ',
        'Build Type         : ',
        'Git Branch         : ',
        'Git Commit Hash    : ',
      ])
      expect(lines[0]).toBe('FISCO-BCOS Version : 2.9.1')
    },
  )

  it.each([['-h'], ['--help'], ['help']])('shows its commands with %s', async (flag) => {
    const { exitCode, out } = await bcosTs([flag])
    expect(exitCode).toBe(0)
    for (const name of ['build-chain', 'start', 'account', 'cert', 'node-id', 'replay']) {
      expect(out).toContain(`  ${name} `)
    }
  })

  it.each([[[]], [['no-such-command']], [['node-id']], [['account']]])(
    'shows how it is used when called with %j',
    async (args) => {
      const { exitCode, out, err } = await bcosTs(args)
      expect([exitCode, out]).toEqual([2, ''])
      expect(err).toMatch(/Usage: bcos-ts|error: /)
    },
  )

  it('tells what an error came from with --verbose, wherever that stands', async () => {
    const file = join(folder, 'none')
    const brief = await bcosTs(['node-id', file])
    expect(brief.err).toMatch(/^error: cannot read .* \(CLI_FILE_UNREADABLE\)$/m)
    expect(brief.err).not.toContain('ENOENT')
    for (const args of [
      ['--verbose', 'node-id', file],
      ['node-id', file, '--verbose'],
    ]) {
      const { err } = await bcosTs(args)
      expect(err).toMatch(/^ {2}because: ENOENT.*$/m)
      expect(err).not.toMatch(/^\s+at /m)
    }
  })
})
