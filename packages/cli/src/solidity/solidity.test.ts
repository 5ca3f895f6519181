import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ContractFolder } from '../console/contract-folder.ts'
import { compileText } from './compile.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bcos-ts-solidity-'))
})

afterEach(() => {
  rmSync(folder, { recursive: true })
})

function write(file: string, text: string): void {
  mkdirSync(join(folder, file, '..'), { recursive: true })
  writeFileSync(join(folder, file), text)
}

const contract = (name: string, pragma: string, body = '') =>
  `pragma solidity ${pragma};\ncontract ${name} { ${body} function f() public pure returns (uint) { return 1; } }`

describe('a compiler is chosen by pragma', () => {
  it.each([
    ['^0.4.24', '6080604052'],
    ['^0.5.0', '6080604052'],
    ['>=0.5.0 <0.7.0', '6080604052'],
    ['0.6.10', '6080604052'],
  ])('%s', (pragma) => {
    const { code, abi } = compileText(contract('A', pragma), 'A')
    expect(code.length).toBeGreaterThan(50)
    expect(abi).toHaveLength(1)
  })

  it('and refused when there is none', () => {
    for (const pragma of ['^0.8.0', '0.4.11']) {
      expect(() => compileText(contract('A', pragma), 'A')).toThrow(
        expect.objectContaining({
          code: 'CLI_SOLIDITY_VERSION',
          message: expect.stringContaining(
            `A.sol asks for Solidity ${pragma}, and there are 0.6.10`,
          ),
        }),
      )
    }
  })

  it('and leaves no traces on the process', () => {
    const before = process.listenerCount('uncaughtException')
    compileText(contract('A', '^0.4.24'), 'A')
    expect(process.listenerCount('uncaughtException')).toBe(before)
  })
})

describe('contracts of a folder', () => {
  it('are found by name wherever they lie, with what they import', async () => {
    write(
      'solidity/A.sol',
      `import "./lib/B.sol";\n// import "./none.sol";\n${contract('A', '^0.6.0', 'B b;')}`,
    )
    write('solidity/lib/B.sol', `import {C} from "../../C.sol"; ${contract('B', '^0.6.0', 'C c;')}`)
    write('C.sol', `import "Table.sol"; ${contract('C', '^0.6.0', 'Table t;')}`)
    const contracts = new ContractFolder(folder)
    expect((await contracts.find('A')).name).toBe('A')
    expect((await contracts.find(join(folder, 'C.sol'))).name).toBe('C')
    expect(await contracts.names()).toEqual(expect.arrayContaining(['A', 'B', 'C', 'HelloWorld']))
  })

  it('come with the console where the folder has none of the name', async () => {
    const contracts = new ContractFolder(join(folder, 'none'))
    const { abi, code } = await contracts.find('HelloWorld')
    expect(abi.flatMap(({ name }) => name ?? [])).toEqual(
      expect.arrayContaining(['Changed', 'get', 'set']),
    )
    expect(code.length).toBeGreaterThan(100)
  })

  it.each(['^0.4.25', '^0.6.0'])('all that come with it compile by %s', async (pragma) => {
    const contracts = new ContractFolder(folder)
    const imports = (await contracts.names()).map((name) => `import "${name}.sol";`)
    write('All.sol', `pragma solidity ${pragma}; ${imports.join(' ')} contract All {}`)
    expect((await contracts.find('All')).name).toBe('All')
  })

  it('may have been compiled elsewhere', async () => {
    write('P.abi', '[{"type":"function","name":"f","inputs":[]}]')
    write('P.bin', '0x6080\n')
    const { name, code } = await new ContractFolder(folder).find('P')
    expect([name, code]).toEqual(['P', Uint8Array.of(0x60, 0x80)])
  })

  it('choose among contracts of a file by its name, or by the name that is given', async () => {
    const two = `${contract('X', '^0.6.0')}\n${contract('Y', '^0.6.0').replace(/pragma.*\n/, '')}`
    write('Y.sol', two)
    write('Z.sol', two)
    const contracts = new ContractFolder(folder)
    expect((await contracts.find('Y')).name).toBe('Y')
    expect((await contracts.find('Z', { contract: 'X' })).name).toBe('X')
    await expect(contracts.find('Z')).rejects.toMatchObject({
      code: 'CLI_SOLIDITY_NOT_FOUND',
      message: expect.stringContaining('X, Y'),
    })
  })

  it.each([
    ['nothing', 'none', 'CLI_SOLIDITY_NOT_FOUND', 'none.sol into'],
    ['a path of nothing', './none.sol', 'CLI_SOLIDITY_NOT_FOUND', 'it cannot be read'],
    ['an import of nothing', 'Missing', 'CLI_SOLIDITY_NOT_FOUND', 'Missing.sol imports it'],
    ['an import from outside', 'Outside', 'CLI_SOLIDITY_NOT_FOUND', 'Outside.sol imports it'],
    ['what does not compile', 'Wrong', 'CLI_SOLIDITY_FAILED', 'Wrong.sol:1:'],
    ['a library that must be deployed', 'Linked', 'CLI_SOLIDITY_FAILED', 'internal'],
    [
      'sources that no compiler takes together',
      'Mixed',
      'CLI_SOLIDITY_VERSION',
      '^0.6.0 and ^0.5.0',
    ],
  ])('tell about %s', async (_, name, code, reason) => {
    write('Missing.sol', `import "./gone.sol"; ${contract('Missing', '^0.6.0')}`)
    write(
      'Outside.sol',
      `import "../../../../../../etc/hostname"; ${contract('Outside', '^0.6.0')}`,
    )
    write('Wrong.sol', 'pragma solidity ^0.6.0; contract Wrong { function f() public { x; } }')
    const library = 'library L { function g() public pure returns (uint) { return 2; } }'
    write(
      'Linked.sol',
      `pragma solidity ^0.6.0; ${library} contract Linked { function f() public pure returns (uint) { return L.g(); } }`,
    )
    write('Mixed.sol', `import "./Old.sol"; ${contract('Mixed', '^0.6.0')}`)
    write('Old.sol', contract('Old', '^0.5.0'))
    await expect(new ContractFolder(folder).find(name)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(reason),
    })
  })
})
