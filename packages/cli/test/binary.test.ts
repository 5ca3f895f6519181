import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const BINARY = join(import.meta.dirname, '..', 'bin', 'bcos-ts.js')

const run = promisify(execFile)

async function binary(...args: readonly string[]) {
  try {
    const { stdout, stderr } = await run(process.execPath, [BINARY, ...args])
    return { exitCode: 0, out: stdout, err: stderr }
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string }
    return { exitCode: code, out: stdout, err: stderr }
  }
}

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bcos-ts-'))
})

afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

describe('the built command', () => {
  it('makes a chain whose scripts find it again', async () => {
    const output = join(folder, 'nodes')
    const made = await binary('build-chain', '-l', '127.0.0.1:1', '-o', output)
    expect([made.exitCode, made.err]).toEqual([0, 'making keys and certificates\n'])
    const { stdout } = await run('sh', [join(output, '127.0.0.1', 'bcos-ts'), '-v'])
    expect(stdout).toBe((await binary('-v')).out)
    expect(stdout).toMatch(/^FISCO-BCOS Version : 2\.9\.1\n/)
  })

  it('ends with 2 for wrong arguments and 1 for failures, and one line for each', async () => {
    const wrong = await binary('replay', join(folder, 'none'))
    expect([wrong.exitCode, wrong.out]).toEqual([2, ''])
    expect(wrong.err).toMatch(/^error: .*REPLAY_INVALID_RECORDING.*\n--verbose tells more\n$/)
    const failed = await binary('cert', 'show', join(folder, 'none'))
    expect([failed.exitCode, failed.out]).toEqual([1, ''])
    expect(failed.err).toMatch(/^error: .*CLI_FILE_UNREADABLE.*\n--verbose tells more\n$/)
  })

  it('makes accounts', async () => {
    const { out } = await binary('account', 'new', '-o', folder)
    const [address = ''] = /0x[0-9a-f]{40}/.exec(out) ?? []
    expect(existsSync(join(folder, 'ecdsa', `${address}.pem`))).toBe(true)
  })
})
