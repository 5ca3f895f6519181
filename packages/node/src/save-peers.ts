/**
 * Peers that were added or erased at run time, written into `config.ini` (spec 04 §2.10).
 * @module
 */
import { readFileSync, realpathSync, statSync } from 'node:fs'
import { messageOf, textToBytes } from '@bcos-ts/common'
import { formatEndpoint } from '@bcos-ts/network'
import { parseNodeConfig } from './config/node-config.ts'
import { replaceFile } from './durable-file.ts'

/** Host names, addresses and ports: nothing that could end a line or begin another key. */
const PRINTABLE = /^[\x21-\x7e]+$/
const SECTION = 'p2p'
const PREFIX = 'node.'

/**
 * Makes the `node.N` lines of `[p2p]` name exactly these addresses. Lines of addresses that stay, and every other
 * byte of the file, remain as they are; after a crash the file is the former one or the new one. A sentence when
 * it could not be done: then the file is unchanged.
 */
export function savePeers(configFile: string, endpoints: readonly string[]): string | undefined {
  try {
    const bad = endpoints.find((one) => !PRINTABLE.test(one))
    if (bad !== undefined) return `${JSON.stringify(bad)} is not an address; nothing was saved`
    // A link stays a link.
    const file = realpathSync(configFile)
    // One character a byte: whatever the encoding of the remarks is, it is written as it was read.
    const text = readFileSync(file, 'latin1')
    parseNodeConfig(text, configFile)
    const next = withPeers(text, endpoints)
    const problem = problemOf(next, configFile, endpoints)
    if (problem !== undefined) return `${problem}; nothing was saved`
    if (next !== text) replaceFile(file, textToBytes(next), statSync(file).mode)
    return undefined
  } catch (error) {
    return `peers cannot be saved: ${messageOf(error)}`
  }
}

/** The file must read back as what was asked for, or the node would not start again. */
function problemOf(text: string, file: string, endpoints: readonly string[]): string | undefined {
  const { p2p } = parseNodeConfig(text, file)
  const saved = new Set(p2p.peers.map(({ host, port }) => formatEndpoint(host, port)))
  const lost = endpoints.find((one) => !saved.has(one))
  if (lost !== undefined) return `${lost} is not host:port, [v6]:port`
  return saved.size === new Set(endpoints).size ? undefined : 'the file names other peers as well'
}

/** Text with `node.N` lines for these addresses, and for no others. */
function withPeers(text: string, endpoints: readonly string[]): string {
  const lines = text.match(/[^\n]*\n|[^\n]+$/g) ?? []
  const missing = new Set(endpoints)
  const kept: string[] = []
  let section = ''
  let numberMax = -1
  let at: number | undefined
  let indent = '    '
  const end = lines[0]?.endsWith('\r\n') === true ? '\r\n' : '\n'
  for (const line of lines) {
    const content = line.trim()
    if (content.startsWith('[')) section = content.slice(1, -1).trim()
    const peer = section === SECTION ? readPeer(line) : undefined
    if (peer === undefined) {
      kept.push(line)
      if (section === SECTION && content !== '' && at === undefined) at = kept.length
      continue
    }
    indent = peer.indent
    if (endpoints.includes(peer.endpoint)) {
      kept.push(line)
      missing.delete(peer.endpoint)
      numberMax = Math.max(numberMax, peer.number)
    }
    at = kept.length
  }
  const added = Array.from(missing, (endpoint, index) => {
    return `${indent}${PREFIX}${numberMax + 1 + index}=${endpoint}${end}`
  })
  return inserted(kept, at, added, end)
}

/** Puts lines at a place; without one, into a section of their own at the end. */
function inserted(
  lines: readonly string[],
  at: number | undefined,
  added: readonly string[],
  end: string,
): string {
  if (added.length === 0) return lines.join('')
  const place = at ?? lines.length
  const before = lines.slice(0, place).join('')
  const isEnded = before === '' || before.endsWith('\n')
  const header = at === undefined ? [`[${SECTION}]${end}`] : []
  return [before, isEnded ? '' : end, ...header, ...added, ...lines.slice(place)].join('')
}

function readPeer(
  line: string,
): { readonly indent: string; readonly number: number; readonly endpoint: string } | undefined {
  const [, indent = '', number, endpoint = ''] = /^(\s*)node\.([^=]*?)\s*=(.*)/.exec(line) ?? []
  if (number === undefined) return undefined
  return { indent, number: Number(number) || 0, endpoint: endpoint.trim() }
}
