import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { fromUtf8 } from '@bcos-ts/common'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type ChainPlan, parseHostList, writeChain } from '../src/index.ts'
import { planChain, textOf } from './support.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bcos-ts-'))
})

afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

function filesIn(root: string): string[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => statSync(join(root, path)).isFile())
    .toSorted()
}

describe('writing a chain', () => {
  it('makes every file with its content and its permissions, and nothing else', async () => {
    const plan = await planChain()
    const output = join(folder, 'deep', 'down', 'nodes')
    await writeChain(plan, output)
    expect(filesIn(output)).toEqual(plan.files.map(({ path }) => path).toSorted())
    for (const { path, mode } of plan.files) {
      expect(readFileSync(join(output, path), 'utf8')).toBe(textOf(plan, path))
      expect(statSync(join(output, path)).mode & 0o777).toBe(mode & ~process.umask())
    }
    expect(readdirSync(join(folder, 'deep', 'down'))).toEqual(['nodes'])
  })

  it.each(['an empty folder', 'a folder with files', 'a file'])(
    'leaves alone what is there: %s',
    async (what) => {
      const output = join(folder, 'nodes')
      if (what === 'a file') writeFileSync(output, 'mine')
      else mkdirSync(output)
      if (what === 'a folder with files') writeFileSync(join(output, 'mine'), 'mine')
      const before = readdirSync(folder, { recursive: true })
      await expect(writeChain(await planChain(), output)).rejects.toMatchObject({
        code: 'CLI_OUTPUT_EXISTS',
        details: { path: output },
      })
      expect(readdirSync(folder, { recursive: true })).toEqual(before)
    },
  )

  it('leaves nothing behind when it fails half way', async () => {
    const plan = await planChain()
    const [first] = plan.files
    if (first === undefined) throw new Error('a plan has files')
    // The second file of one path cannot be written.
    const broken: ChainPlan = { ...plan, files: [...plan.files, first] }
    await expect(writeChain(broken, join(folder, 'a', 'b', 'nodes'))).rejects.toMatchObject({
      code: 'CLI_FILE_UNWRITABLE',
    })
    expect(readdirSync(folder)).toEqual([])
  })

  it('says where it may not write', async () => {
    writeFileSync(join(folder, 'file'), '')
    const output = join(folder, 'file', 'nodes')
    await expect(writeChain(await planChain(), output)).rejects.toMatchObject({
      code: 'CLI_FILE_UNWRITABLE',
      message: expect.stringContaining('not a folder') as unknown,
    })
  })
})

/** Regular files and folders of a ustar archive, by the standard's fields. */
function readTar(
  archive: string | Uint8Array = '',
): { path: string; type: string; mode: string; text: string }[] {
  const entries = []
  const bytes = new Uint8Array(gunzipSync(archive))
  const field = (at: number, length: number): string =>
    fromUtf8(bytes.subarray(at, at + length)).replace(/\0.*$/s, '')
  for (let at = 0; bytes[at] !== 0;) {
    const header = bytes.slice(at, at + 512)
    const stated = Number.parseInt(field(at + 148, 8), 8)
    header.fill(0x20, 148, 156)
    expect(header.reduce((sum, byte) => sum + byte)).toBe(stated)
    const size = Number.parseInt(field(at + 124, 12), 8)
    const prefix = field(at + 345, 155)
    entries.push({
      path: prefix === '' ? field(at, 100) : `${prefix}/${field(at, 100)}`,
      type: field(at + 156, 1),
      mode: field(at + 100, 8),
      text: fromUtf8(bytes.subarray(at + 512, at + 512 + size)),
    })
    at += 512 * (1 + Math.ceil(size / 512))
  }
  return entries
}

describe('the archive of a host', () => {
  it('holds its folder, ready to be run elsewhere', async () => {
    const long = `${'a-rather-long-name-of-a-host'.repeat(2)}.org`
    const plan = await planChain({
      hosts: parseHostList(`10.0.0.1:1,${long}:1`),
      hasArchives: true,
      isDeployment: true,
    })
    for (const host of ['10.0.0.1', long]) {
      const file = plan.files.find(({ path }) => path === `${host}.tar.gz`)
      const entries = readTar(file?.content)
      const files = plan.files.filter(({ path }) => path.startsWith(`${host}/`))
      expect(
        entries
          .filter(({ type }) => type === '0')
          .map(({ path, mode, text }) => ({ path, content: text, mode: Number.parseInt(mode, 8) })),
      ).toEqual(files)
      const folders = entries.filter(({ type }) => type === '5').map(({ path }) => path)
      expect(folders).toContain(`${host}/sdk/`)
      expect(folders.every((path) => path.endsWith('/'))).toBe(true)
    }
  })
})
