import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseHostList, writeChain } from '../src/index.ts'
import { planChain, runProgram } from './support.ts'

/** Stands in the place of bcos-ts: says that it runs, takes signal files, ends on SIGTERM. */
const PROGRAM = `
import { existsSync, rmSync } from 'node:fs'
const [command, flag, config] = process.argv.slice(2)
console.log('called with', command, flag)
console.log('allocator', process.env.MALLOC_ARENA_MAX, 'options', process.env.NODE_OPTIONS)
if (existsSync('fail')) { console.log('cannot open the database'); process.exit(1) }
setTimeout(() => console.log('The node is running...'), 100)
process.on('SIGTERM', () => setTimeout(() => process.exit(0), 100))
setInterval(() => {
  for (const name of ['append_group', 'reset_certificate_whitelist', 'reset_allowlist']) {
    rmSync(config + '.' + name, { force: true })
  }
}, 50)
`

/** Output and exit code of a script. */
async function sh(script: string): Promise<{ readonly code: number; readonly out: string }> {
  const { exitCode, out } = await runProgram('sh', [script])
  return { code: exitCode, out }
}

let folder: string
let host: string

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "bcos-ts it's "))
  const program = join(folder, 'program.mjs')
  writeFileSync(program, PROGRAM)
  const plan = await planChain({
    hosts: parseHostList('127.0.0.1:2'),
    command: [process.execPath, program],
  })
  await writeChain(plan, join(folder, 'nodes'))
  host = join(folder, 'nodes', '127.0.0.1')
})

afterEach(async () => {
  await sh(join(host, 'stop_all.sh'))
  rmSync(folder, { recursive: true, force: true })
})

const node = (path: string): string => join(host, 'node0', path)

describe('the scripts of a chain', () => {
  it('start all nodes once, and stop them', async () => {
    const started = await sh(join(host, 'start_all.sh'))
    expect(started.code).toBe(0)
    expect(started.out).toMatch(/node0 start successfully/)
    expect(started.out).toMatch(/node1 start successfully/)
    const pid = readFileSync(node('node.pid'), 'utf8')
    expect(readFileSync(node('nohup.out'), 'utf8')).toContain('called with start -c')
    const again = await sh(node('start.sh'))
    expect(again).toEqual({ code: 0, out: ` node0 runs already pid=${pid}` })
    expect(readFileSync(node('node.pid'), 'utf8')).toBe(pid)
    const stopped = await sh(join(host, 'stop_all.sh'))
    expect(stopped.out).toMatch(/node1 stopped/)
    expect(existsSync(node('node.pid'))).toBe(false)
    expect(await sh(node('stop.sh'))).toEqual({ code: 0, out: ' node0 does not run\n' })
  })

  it('keep the memory of a node small, unless its operator wants it otherwise', async () => {
    const start = async (environment: string): Promise<string> => {
      await sh(node('stop.sh'))
      await runProgram('sh', ['-c', `${environment} "$0"`, node('start.sh')])
      return readFileSync(node('nohup.out'), 'utf8').split('\n').at(-3) ?? ''
    }
    const own = 'MALLOC_ARENA_MAX=4 NODE_OPTIONS=--max-semi-space-size=8'
    expect(await start('')).toBe('allocator 1 options --max-semi-space-size=4 ')
    expect(await start(own)).toBe(
      'allocator 4 options --max-semi-space-size=4 --max-semi-space-size=8',
    )
  })

  it('set what the guide for service managers sets', () => {
    const guide = readFileSync(
      new URL('../../../docs/operating/README.md', import.meta.url),
      'utf8',
    )
    const ofUnit = [...guide.matchAll(/^Environment=(.*)$/gm)].flatMap(([, line]) =>
      line?.split(' '),
    )
    const script = readFileSync(node('start.sh'), 'utf8')
    const ofScript = [...script.matchAll(/^export (\w+)="(?:\$\{\w+:-)?([^ }]+)/gm)]
    expect(ofScript.map(([, name, value]) => `${name}=${value}`)).toEqual(ofUnit)
  })

  it('say why a node does not start', async () => {
    writeFileSync(node('fail'), '')
    const { code, out } = await sh(node('start.sh'))
    expect(code).toBe(1)
    expect(out).toContain('cannot open the database')
  })

  it('do not take a success of an earlier start for one of now', async () => {
    writeFileSync(node('nohup.out'), 'The node is running...\n')
    writeFileSync(node('fail'), '')
    expect((await sh(node('start.sh'))).code).toBe(1)
  })

  it('do not stop a process that got the id of a node which has gone', async () => {
    await sh(join(host, 'node1', 'start.sh'))
    const other = readFileSync(join(host, 'node1', 'node.pid'), 'utf8')
    writeFileSync(node('node.pid'), other)
    expect(await sh(node('stop.sh'))).toEqual({ code: 0, out: ' node0 does not run\n' })
    expect((await sh(join(host, 'node1', 'start.sh'))).out).toContain('runs already')
  })

  it('make a running node read its files again', async () => {
    await sh(node('start.sh'))
    for (const script of ['load_new_groups', 'reload_whitelist', 'reload_sdk_allowlist']) {
      const { code, out } = await sh(node(`scripts/${script}.sh`))
      expect([script, code, out]).toEqual([script, 0, expect.stringMatching(/^ node0 /)])
    }
    await sh(node('stop.sh'))
    expect((await sh(node('scripts/load_new_groups.sh'))).code).toBe(1)
    expect(existsSync(node('config.ini.append_group'))).toBe(false)
  })

  it('refuse a whitelist with a bad line', async () => {
    await sh(node('start.sh'))
    const config = readFileSync(node('config.ini'), 'utf8')
    writeFileSync(node('config.ini'), config.replace(';cal.0=', 'cal.0=not a node id'))
    const { code, out } = await sh(node('scripts/reload_whitelist.sh'))
    expect(code).toBe(1)
    expect(out).toContain('cal.0=not a node id')
  })

  it('bring back a node that has gone', async () => {
    const { out } = await sh(node('scripts/monitor.sh'))
    expect(out).toMatch(/node0: is not running/)
    expect((await sh(node('start.sh'))).out).toContain('runs already')
  })

  it('work after the chain was moved', async () => {
    const moved = join(folder, 'moved')
    renameSync(join(folder, 'nodes'), moved)
    host = join(moved, '127.0.0.1')
    expect((await sh(join(host, 'start_all.sh'))).code).toBe(0)
  })

  it('say what to do where bcos-ts is missing', async () => {
    rmSync(join(folder, 'program.mjs'))
    const launched = spawnSync('/bin/sh', [join(host, 'bcos-ts'), '-v'], {
      env: { PATH: folder },
    })
    expect(launched.status).toBe(127)
    expect(launched.stderr.toString()).toContain('BCOS_TS')
    const named = spawnSync('/bin/sh', [join(host, 'bcos-ts'), '-v'], {
      env: { PATH: folder, BCOS_TS: '/bin/echo' },
    })
    expect(named.stdout.toString()).toBe('-v\n')
  })
})
