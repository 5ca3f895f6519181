import { toHex } from '@bcos-ts/common'
import { type Certificate, certificatesFromPem, verifyChain } from '@bcos-ts/crypto/certificate'
import { isNodeKey, privateKeyFromPem } from '@bcos-ts/crypto/key-file'
import { rsaVerifier } from '@bcos-ts/crypto/node'
import { parseGenesisFile, parseGroupConfig, parseIni, parseNodeConfig } from '@bcos-ts/node'
import { describe, expect, it } from 'vitest'
import { type ChainPlan, parseHostFile, parseHostList } from '../src/index.ts'
import reference from '../vectors/configuration.json' with { type: 'json' }
import tree from '../vectors/tree.json' with { type: 'json' }
import { countingRandom, planChain, textOf } from './support.ts'

const HOST = '127.0.0.1'
const NODE0 = `${HOST}/node0`

const GUOMI_ENTRIES = {
  'chain.sm_crypto': 'true',
  'network_security.key': 'gmnode.key',
  'network_security.cert': 'gmnode.crt',
  'network_security.ca_cert': 'gmca.crt',
}

const pathsOf = ({ files }: ChainPlan): string[] => files.map(({ path }) => path).toSorted()

function expectedTree(files: readonly string[]): string[] {
  const notMade: readonly string[] = tree.notMade
  return [...files.filter((path) => !notMade.includes(path)), ...tree.addedByUs].toSorted()
}

/** `section.key` and value of every entry that a file sets. */
function entriesOf(text: string): Record<string, string> {
  const ini = parseIni(text, 'file')
  return Object.fromEntries(
    ini.unknown().map(({ section, key, value }) => [`${section}.${key}`, value]),
  )
}

const leafOf = (plan: ChainPlan, path: string): Certificate =>
  certificatesFromPem(textOf(plan, path))[0]

describe('the files of a chain', () => {
  it('are those of build_chain.sh, but for its binary and downloads', async () => {
    const plan = await planChain({ hosts: parseHostList('127.0.0.1:1') })
    expect(pathsOf(plan)).toEqual(expectedTree(tree.standard))
  })

  it('are those of build_chain.sh -g on a guomi chain', async () => {
    const plan = await planChain({ hosts: parseHostList('127.0.0.1:1'), isGuomi: true })
    const without: readonly string[] = tree.guomi.without
    const files = [...tree.standard.filter((path) => !without.includes(path)), ...tree.guomi.with]
    expect(pathsOf(plan)).toEqual(expectedTree(files))
  })

  it('are the same for the same keys and time', async () => {
    const options = { nowMs: 1_795_000_000_000 }
    const first = await planChain({ ...options, random: countingRandom() })
    const second = await planChain({ ...options, random: countingRandom() })
    expect(first).toEqual(second)
  })

  it('keep keys from other users, and can be run where they are scripts', async () => {
    const { files } = await planChain({ isGuomi: true })
    for (const { path, mode } of files) {
      const isKey = path.endsWith('.key')
      const isScript = path.endsWith('.sh') || path.endsWith('/bcos-ts')
      expect([path, mode.toString(8)]).toEqual([path, isKey ? '600' : isScript ? '755' : '644'])
    }
  })
})

describe('the configuration of a chain', () => {
  it('has the keys and values of build_chain.sh', async () => {
    const plan = await planChain()
    const ids = plan.nodes.map(({ nodeId }) => nodeId)
    const config = entriesOf(textOf(plan, `${HOST}/node1/config.ini`))
    expect(config).toEqual({
      ...reference['config.ini'],
      'rpc.channel_listen_ip': '0.0.0.0',
      'rpc.channel_listen_port': '20201',
      'rpc.jsonrpc_listen_port': '8546',
      'p2p.listen_ip': '0.0.0.0',
      'p2p.listen_port': '30301',
      'p2p.node.0': '127.0.0.1:30300',
      'p2p.node.1': '127.0.0.1:30301',
      'p2p.node.2': '127.0.0.1:30302',
      'p2p.node.3': '127.0.0.1:30303',
    })
    const genesis = entriesOf(textOf(plan, `${NODE0}/conf/group.1.genesis`))
    expect(genesis).toEqual({
      ...reference['group.1.genesis'],
      'group.timestamp': genesis['group.timestamp'],
      ...Object.fromEntries(ids.map((id, index) => [`consensus.node.${index}`, id])),
    })
    expect(entriesOf(textOf(plan, `${NODE0}/conf/group.1.ini`))).toEqual(reference['group.1.ini'])
  })

  it('is what a node reads', async () => {
    const plan = await planChain({ chainId: 7, isFreeStorage: true, consensus: 'rpbft' })
    for (const { folder, ports, nodeId } of plan.nodes) {
      const config = parseNodeConfig(textOf(plan, `${folder}/config.ini`), 'config.ini')
      expect(config.p2p.listen).toEqual({ host: '0.0.0.0', port: ports.p2p })
      expect(config.rpc.http).toEqual({ host: '127.0.0.1', port: ports.rpc })
      expect(config.rpc.channel.port).toBe(ports.channel)
      expect(config.p2p.peers).toHaveLength(4)
      expect(config.chain.id).toBe(7)
      expect(config.warnings).toEqual([])
      const { genesis } = parseGenesisFile(
        textOf(plan, `${folder}/conf/group.1.genesis`),
        'genesis',
      )
      expect(genesis.sealers).toEqual(plan.nodes.map((node) => node.nodeId))
      expect(genesis.sealers).toContain(nodeId)
      expect(genesis).toMatchObject({ groupId: 1, consensusType: 'rpbft', isFreeStorage: true })
      const group = parseGroupConfig(textOf(plan, `${folder}/conf/group.1.ini`), 'group.1.ini')
      expect(group.pool.limit).toBe(150_000)
    }
  })

  it('names the genesis block after its time, the same for all members', async () => {
    const plan = await planChain({ nowMs: 1_795_327_973_000 })
    const texts = plan.nodes.map(({ folder }) => textOf(plan, `${folder}/conf/group.1.genesis`))
    expect(new Set(texts).size).toBe(1)
    expect(parseGenesisFile(texts[0] ?? '', 'genesis').genesis.timestamp).toBe(1_795_327_973_000n)
  })

  it.each([
    ['-i', { isRpcOpen: true }, { 'rpc.jsonrpc_listen_ip': '0.0.0.0' }],
    [
      '-6',
      { isIpv6: true, hosts: parseHostList('[::1]:1') },
      {
        'p2p.listen_ip': '::',
        'p2p.node.0': '[::1]:30300',
        'rpc.channel_listen_ip': '::',
        'rpc.jsonrpc_listen_ip': '::1',
      },
    ],
    ['-R', { isRsaChannel: false }, { 'chain.rsa_crypto_channel': 'false' }],
    ['-T', { isDebugLog: true }, { 'log.level': 'debug' }],
    ['-S', { hasStatistics: true }, { 'log.enable_statistic': 'true' }],
    ['-F', { isLogFlushed: false }, { 'log.flush': 'false' }],
    ['-v', { supportedVersion: '2.9.1' }, { 'compatibility.supported_version': '2.9.1' }],
    ['-C', { chainId: 42 }, { 'chain.id': '42' }],
    ['-g', { isGuomi: true }, GUOMI_ENTRIES],
    [
      '-g -G',
      { isGuomi: true, isGuomiChannel: true },
      { ...GUOMI_ENTRIES, 'chain.sm_crypto_channel': 'true' },
    ],
  ])('follows %s and changes nothing else', async (_, options, changed) => {
    const hosts = parseHostList('127.0.0.1:1')
    const folder = 'isIpv6' in options ? '::1/node0' : NODE0
    const before = entriesOf(textOf(await planChain({ hosts }), `${NODE0}/config.ini`))
    const plan = await planChain({ hosts, ...options })
    const after = entriesOf(textOf(plan, `${folder}/config.ini`))
    expect(after).toEqual({ ...before, ...changed })
    expect(parseNodeConfig(textOf(plan, `${folder}/config.ini`), 'config.ini').warnings).toEqual([])
  })
})

describe('the certificates of a chain', () => {
  it('name each node, and lead over its agency to the chain', async () => {
    const nowMs = 1_795_000_000_000
    const plan = await planChain({ nowMs, days: 10 })
    for (const { folder, name, nodeId } of plan.nodes) {
      const [leaf, ...above] = certificatesFromPem(textOf(plan, `${folder}/conf/node.crt`))
      const trust = [leafOf(plan, `${folder}/conf/ca.crt`)]
      const chain = verifyChain(leaf, { intermediates: above, trust, atMs: nowMs })
      expect(chain.map(({ subject }) => subject.oneLine)).toEqual([
        `/CN=${name}/O=fisco-bcos/OU=node`,
        '/CN=agency/O=fisco-bcos/OU=agency',
        '/CN=chain/O=fisco-bcos/OU=chain',
      ])
      expect(above.length).toBe(2)
      expect(leaf.notAfterMs - nowMs).toBe(10 * 86_400_000)
      const key = privateKeyFromPem(textOf(plan, `${folder}/conf/node.key`))
      expect(toHex(key.publicKey)).toBe(nodeId)
      expect(isNodeKey(key.secretKey)).toBe(true)
      expect(leaf.key).toMatchObject({ curve: 'secp256k1', nodeId })
      expect(textOf(plan, `${folder}/conf/node.nodeid`).trim()).toBe(nodeId)
    }
    expect(new Set(plan.nodes.map(({ nodeId }) => nodeId)).size).toBe(4)
  })

  it('are RSA certificates for channel and SDK, or those on secp256k1 with -R', async () => {
    const rsa = await planChain()
    const trust = [leafOf(rsa, `${NODE0}/conf/channel_cert/ca.crt`)]
    for (const path of [`${NODE0}/conf/channel_cert/node.crt`, `${HOST}/sdk/sdk.crt`]) {
      const chain = verifyChain(leafOf(rsa, path), { trust, verifiers: [rsaVerifier] })
      expect(chain).toHaveLength(2)
    }
    expect(textOf(rsa, `${HOST}/sdk/ca.crt`)).toBe(textOf(rsa, 'cert/agency/channel/ca.crt'))
    const ec = await planChain({ isRsaChannel: false })
    const [sdk, ...above] = certificatesFromPem(textOf(ec, `${HOST}/sdk/sdk.crt`))
    const chain = verifyChain(sdk, { intermediates: above, trust: [leafOf(ec, 'cert/ca.crt')] })
    expect(chain[0]?.subject.oneLine).toBe('/CN=sdk/O=fisco-bcos/OU=sdk')
    expect(sdk.key).toMatchObject({ nodeId: textOf(ec, `${HOST}/sdk/sdk.publickey`).trim() })
    expect(pathsOf(ec).filter((path) => path.includes('channel'))).toEqual([])
  })

  it('come in pairs on SM2, and on secp256k1 beside them, on a guomi chain', async () => {
    const plan = await planChain({ isGuomi: true })
    for (const { folder, nodeId } of plan.nodes) {
      const conf = `${folder}/conf`
      const [signing, ...above] = certificatesFromPem(textOf(plan, `${conf}/gmnode.crt`))
      const trust = [leafOf(plan, `${conf}/gmca.crt`)]
      expect(verifyChain(signing, { intermediates: above, trust })).toHaveLength(3)
      expect(signing.key).toMatchObject({ curve: 'sm2', nodeId })
      expect(textOf(plan, `${conf}/gmnode.nodeid`).trim()).toBe(nodeId)
      expect(BigInt(`0x${textOf(plan, `${conf}/gmnode.serial`)}`)).toBe(signing.serialNumber)
      const encryption = leafOf(plan, `${conf}/gmennode.crt`)
      expect(verifyChain(encryption, { intermediates: above, trust })).toHaveLength(3)
      expect(encryption.subject.organizationalUnit).toBe('ennode')
      const key = privateKeyFromPem(textOf(plan, `${conf}/gmennode.key`))
      expect(encryption.key).toMatchObject({ nodeId: toHex(key.publicKey) })
      const origin = leafOf(plan, `${conf}/origin_cert/node.crt`)
      expect(origin.key).toMatchObject({ curve: 'secp256k1' })
    }
    const { genesis } = parseGenesisFile(textOf(plan, `${NODE0}/conf/group.1.genesis`), 'genesis')
    expect(genesis.sealers).toEqual(plan.nodes.map(({ nodeId }) => nodeId))
  })

  it('are signed by the chain itself with -N', async () => {
    const plan = await planChain({ hasAgencies: false })
    const pem = certificatesFromPem(textOf(plan, `${NODE0}/conf/node.crt`))
    expect(pem.map(({ subject }) => subject.organizationalUnit)).toEqual(['node', 'chain'])
    expect(verifyChain(pem[0], { trust: [leafOf(plan, 'cert/ca.crt')] })).toHaveLength(2)
    expect(pathsOf(plan)).not.toContain('cert/agency/agency.crt')
  })
})

describe('a chain of several organisations', () => {
  const hosts = parseHostFile(
    `# three hosts
192.168.0.1:2 agencyA 1,2 30400,20300,8600

192.168.0.2:1 agencyB 1
192.168.0.1:1 agencyB 2
`,
    'ipconf',
  )

  it('has an agency for each, and groups with their own members', async () => {
    const plan = await planChain({ hosts })
    expect(plan.nodes.map(({ folder, agency, groups }) => [folder, agency, groups])).toEqual([
      ['192.168.0.1/node0', 'agencyA', [1, 2]],
      ['192.168.0.1/node1', 'agencyA', [1, 2]],
      ['192.168.0.2/node0', 'agencyB', [1]],
      ['192.168.0.1/node2', 'agencyB', [2]],
    ])
    const sealersOf = (folder: string, group: number) =>
      parseGenesisFile(textOf(plan, `${folder}/conf/group.${group}.genesis`), 'genesis').genesis
        .sealers
    const [a, b, c, d] = plan.nodes.map(({ nodeId }) => nodeId)
    expect(sealersOf('192.168.0.1/node0', 1)).toEqual([a, b, c])
    expect(sealersOf('192.168.0.1/node2', 2)).toEqual([a, b, d])
    expect(pathsOf(plan)).not.toContain('192.168.0.2/node0/conf/group.2.genesis')
    expect(leafOf(plan, '192.168.0.2/node0/conf/node.crt').issuer.commonName).toBe('agencyB')
    expect(pathsOf(plan)).toContain('cert/agencyA/agency.key')
  })

  it('counts ports from those of the line, else from those of the chain', async () => {
    const { nodes } = await planChain({ hosts, ports: { p2p: 31_000, channel: 21_000, rpc: 9000 } })
    expect(nodes.map(({ ports }) => Object.values(ports))).toEqual([
      [30_400, 20_300, 8600],
      [30_401, 20_301, 8601],
      [31_000, 21_000, 9000],
      [31_000, 21_000, 9000],
    ])
  })
})

it('can be carried away node by node with -D', async () => {
  const plan = await planChain({ hosts: parseHostList('127.0.0.1:2'), isDeployment: true })
  const folder = '127.0.0.1/node_127.0.0.1_30301'
  expect(plan.nodes[1]?.folder).toBe(folder)
  expect(pathsOf(plan)).toContain(`${folder}/bcos-ts`)
  expect(pathsOf(plan)).not.toContain('127.0.0.1/bcos-ts')
  expect(pathsOf(plan)).toContain('127.0.0.1.tar.gz')
  expect(textOf(plan, `${folder}/start.sh`)).toContain('nohup ./bcos-ts start')
})

it('gives each node the SDK files with -Z', async () => {
  const plan = await planChain({ copiesSdk: true })
  expect(textOf(plan, `${NODE0}/sdk/sdk.key`)).toBe(textOf(plan, `${HOST}/sdk/sdk.key`))
})

describe('what cannot be', () => {
  const usage = (argument: string): unknown =>
    expect.objectContaining({
      code: 'CLI_USAGE',
      details: expect.objectContaining({ argument }) as unknown,
    })

  it.each([
    ['an SM channel without SM', { isGuomiChannel: true }, '-G'],
    ['an IPv6 host without -6', { hosts: parseHostList('[::1]:1') }, '::1'],
    ['ports that run out', { ports: { p2p: 65_533, channel: 20_200, rpc: 8545 } }, 'ports'],
    ['two nodes on one port', { ports: { p2p: 30_300, channel: 30_302, rpc: 8545 } }, 'ports'],
    ['more nodes than anyone starts', { hosts: parseHostList('a:600,b:600') }, 'hosts'],
    ['no nodes', { hosts: [] }, 'hosts'],
  ])('is refused: %s', async (_, options, argument) => {
    await expect(planChain(options)).rejects.toThrow(usage(argument))
  })

  it('is a format that nodes do not speak', async () => {
    await expect(planChain({ supportedVersion: '2.8.0' })).rejects.toMatchObject({
      code: 'PROTOCOL_UNSUPPORTED_VERSION',
    })
  })

  it('is told of, where files are made for nodes of the reference alone', async () => {
    expect((await planChain()).warnings).toEqual([])
    const { warnings } = await planChain({ consensus: 'raft', isGuomi: true })
    expect(warnings.map((text) => text.split(':')[0])).toEqual(['-g'])
  })
})
