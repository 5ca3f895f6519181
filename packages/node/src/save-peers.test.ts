import {
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { savePeers } from './save-peers.ts'

let folder: string
let file: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bcos-ts-peers-'))
  file = join(folder, 'config.ini')
})

afterEach(() => rmSync(folder, { recursive: true }))

/** A file with odd habits: carriage returns, bytes that are not UTF-8, no line feed at its end. */
const LINES = [
  '[rpc]',
  '    ; node.7=not here',
  '    jsonrpc_listen_port=8545',
  '[ p2p ]',
  '  listen_port = 30300',
  '  ; the office in Zürich',
  '  node.0=127.0.0.1:30300',
  '  ;node.1=127.0.0.1:1',
  '  node.3 = [::1]:30302 ',
  '  node.9=peer.example:30303',
  '  ; the end of it',
  '[compatibility]',
  'supported_version=2.9.0',
  '[chain]',
  'id=1',
]

function write(lines: readonly string[], end = '\n'): void {
  writeFileSync(file, lines.join(end), 'latin1')
}

const read = (): string => readFileSync(file, 'latin1')

describe('peers that are saved', () => {
  it('change their own lines and no other byte', () => {
    write(LINES, '\r\n')
    const peers = ['127.0.0.1:30300', 'peer.example:30303', '10.0.0.7:30300', '[fe80::7]:30300']
    expect(savePeers(file, peers)).toBeUndefined()
    const expected = LINES.flatMap((line) => {
      if (line.includes('node.3 =')) return []
      if (!line.includes('node.9')) return [line]
      return [line, '  node.10=10.0.0.7:30300', '  node.11=[fe80::7]:30300']
    })
    expect(read()).toBe(expected.join('\r\n'))
    expect(readdirSync(folder)).toEqual(['config.ini'])
  })

  it('leave a file that names them already as it is', () => {
    write(LINES)
    const before = statSync(file).ino
    const same = ['peer.example:30303', '[::1]:30302', '127.0.0.1:30300']
    expect(savePeers(file, same)).toBeUndefined()
    expect([read(), statSync(file).ino]).toEqual([LINES.join('\n'), before])
  })

  it('come back after all were erased, also into a section that is not there', () => {
    write(LINES)
    expect(savePeers(file, [])).toBeUndefined()
    expect(read()).toBe(LINES.filter((line) => !/^ *node/.test(line)).join('\n'))
    expect(savePeers(file, ['a:1'])).toBeUndefined()
    expect(read()).toContain('[ p2p ]\n    node.0=a:1\n  listen_port = 30300')
    write(['[compatibility]', 'supported_version=2.9.0'])
    expect(savePeers(file, ['a:1', 'b:2'])).toBeUndefined()
    expect(read()).toBe(
      '[compatibility]\nsupported_version=2.9.0\n[p2p]\n    node.0=a:1\n    node.1=b:2\n',
    )
  })

  it.each([
    'a:1\nlisten_port=1',
    'a:1\r',
    'a b:1',
    'zürich:1',
    '',
    'a:0',
    'a:65536',
    'a',
    '[::1:30300',
    'a:030300',
  ])('are refused, and the file stays, when one is %j', (bad) => {
    write(LINES)
    expect(savePeers(file, ['127.0.0.1:30300', bad])).toMatch(/nothing was saved|cannot be saved/)
    expect(read()).toBe(LINES.join('\n'))
    expect(readdirSync(folder)).toEqual(['config.ini'])
  })

  it('do not go into a file that no node could start from', () => {
    write([...LINES, 'id=2'])
    expect(savePeers(file, ['a:1'])).toMatch(/config\.ini:16: chain\.id is given twice/)
    rmSync(file)
    expect(savePeers(file, ['a:1'])).toMatch(/cannot be saved: ENOENT/)
    expect(existsSync(file)).toBe(false)
  })

  it('keep the rights of the file, and a link a link', () => {
    const real = join(folder, 'real.ini')
    file = real
    write(LINES)
    symlinkSync('real.ini', join(folder, 'config.ini'))
    const mode = statSync(real).mode
    expect(savePeers(join(folder, 'config.ini'), ['a:1'])).toBeUndefined()
    expect(lstatSync(join(folder, 'config.ini')).isSymbolicLink()).toBe(true)
    expect(statSync(real).mode).toBe(mode)
    expect(read()).toContain('node.0=a:1')
  })
})
