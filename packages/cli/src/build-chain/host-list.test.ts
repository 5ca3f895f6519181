import { describe, expect, it } from 'vitest'
import { parseHostFile, parseHostList, parsePorts } from './host-list.ts'

const usage = (argument: string): unknown =>
  expect.objectContaining({
    code: 'CLI_USAGE',
    details: expect.objectContaining({ argument }) as unknown,
  })

describe('a list of hosts', () => {
  it('names hosts and how many nodes each has, one when it does not say', () => {
    expect(parseHostList('127.0.0.1:4, node.example.org,[fe80::1]:2')).toEqual([
      { host: '127.0.0.1', count: 4, agency: 'agency', groups: [1] },
      { host: 'node.example.org', count: 1, agency: 'agency', groups: [1] },
      { host: 'fe80::1', count: 2, agency: 'agency', groups: [1] },
    ])
  })

  it.each([
    '',
    ':4',
    '127.0.0.1:',
    '127.0.0.1:0',
    '127.0.0.1:-1',
    '127.0.0.1:1.5',
    '127.0.0.1:99999',
    '127.0.0.1:4,',
    'fe80::1:4',
    '[nowhere]:4',
    '../up:1',
    '.hidden:1',
    'cert:1',
  ])('refuses "%s"', (text) => {
    expect(() => parseHostList(text)).toThrow(usage('-l'))
  })
})

describe('a file of hosts', () => {
  it('has agency, groups and ports beside hosts', () => {
    const text = '\n# ours\r\n10.0.0.1:2  agencyA 1,2  30300,20200,8545 \r\n10.0.0.2 agency_B 2\n'
    expect(parseHostFile(text, 'ipconf')).toEqual([
      {
        host: '10.0.0.1',
        count: 2,
        agency: 'agencyA',
        groups: [1, 2],
        ports: { p2p: 30_300, channel: 20_200, rpc: 8545 },
      },
      { host: '10.0.0.2', count: 1, agency: 'agency_B', groups: [2] },
    ])
  })

  it.each([
    '10.0.0.1:2',
    '10.0.0.1:2 agencyA',
    '10.0.0.1:2 agency/A 1',
    '10.0.0.1:2 agencyA 0',
    '10.0.0.1:2 agencyA 32768',
    '10.0.0.1:2 agencyA 1,1',
    '10.0.0.1:2 agencyA 1 30300,20200',
    '10.0.0.1:2 agencyA 1 30300,20200,80',
    '10.0.0.1:2 agencyA 1 30300,20200,8545 more',
  ])('names the line of "%s"', (line) => {
    expect(() => parseHostFile(`10.0.0.9:1 agencyA 1\n${line}\n`, 'ipconf')).toThrow(
      usage('ipconf:2'),
    )
  })

  it('may not be empty', () => {
    expect(() => parseHostFile('# nobody\n', 'ipconf')).toThrow(usage('ipconf'))
  })
})

it.each(['', '1,2,3', '30300', '30300,20200,8545,1', '30300,20200,x', '30300,20200,65536'])(
  'three ports are not "%s"',
  (text) => {
    expect(() => parsePorts(text, '-p')).toThrow(usage('-p'))
  },
)
