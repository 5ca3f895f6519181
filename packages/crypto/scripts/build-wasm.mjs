// Compiles wasm/*.ts (AssemblyScript) and embeds the result in src/wasm/binaries, when a source has changed.
// `--check` always compiles, writes nothing, and fails when a file is not what its sources compile to.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import asc from 'assemblyscript/asc'

const PACKAGE = join(import.meta.dirname, '..')
const SOURCES = join(PACKAGE, 'wasm')

/** What becomes a module, and which file stands for `./curve` in it. */
const MODULES = [
  { name: 'keccak256', entry: 'keccak256.ts' },
  { name: 'sm3', entry: 'sm3.ts' },
  { name: 'secp256k1', entry: 'secp256k1.ts', curve: 'curve-secp256k1.ts' },
  { name: 'sm2', entry: 'sm2.ts', curve: 'curve-sm2.ts' },
]

const FLAGS = [
  '--outFile=module.wasm',
  '--optimizeLevel=3',
  '--shrinkLevel=0',
  '--converge',
  '--noAssert',
  '--runtime=stub',
  '--use=abort=',
  // Pointers have 32 bits here and nowhere else.
  '--disableWarning=201',
]

/** Digest of everything that decides what comes out. */
function digestOfSources() {
  const hash = createHash('sha256').update(JSON.stringify([asc.version, FLAGS, MODULES]))
  for (const file of readdirSync(SOURCES).toSorted()) {
    if (!file.endsWith('.ts')) continue
    hash.update(`${file}\n`).update(readFileSync(join(SOURCES, file)))
  }
  return hash.digest('hex')
}

/** Source text of one module; `null` for files of AssemblyScript itself. */
function sourceOf(module, file) {
  const path = join(SOURCES, file === 'curve.ts' ? module.curve : file)
  return existsSync(path) ? readFileSync(path, 'utf8') : null
}

async function compile(module) {
  let binary
  let report = ''
  const { error } = await asc.main([module.entry, ...FLAGS], {
    readFile: (file) => sourceOf(module, file),
    writeFile: (file, contents) => {
      if (file.endsWith('.wasm')) binary = contents
    },
    listFiles: () => [],
    stderr: {
      write: (text) => {
        report += text
      },
    },
  })
  if (error !== null) throw new Error(`${module.entry}: ${error.message}\n${report}`)
  return binary
}

function moduleText(name, binary, digest) {
  const constant = `${name.toUpperCase()}_WASM`
  return [
    `// Made of wasm/ by scripts/build-wasm.mjs: ${binary.length} bytes of sources with the digest`,
    `// ${digest}.`,
    `export const ${constant}: string =`,
    `  '${Buffer.from(binary).toString('base64')}'`,
    '',
  ].join('\n')
}

const isCheck = process.argv.includes('--check')
const digest = digestOfSources()
for (const module of MODULES) {
  const file = join(PACKAGE, 'src', 'wasm', 'binaries', `${module.name}.ts`)
  const written = existsSync(file) ? readFileSync(file, 'utf8') : ''
  if (!isCheck && written.includes(digest)) continue
  const binary = await compile(module)
  const text = moduleText(module.name, binary, digest)
  if (isCheck && written !== text) {
    console.error(`${file} is not what wasm/${module.entry} compiles to: run pnpm build:wasm`)
    process.exit(1)
  }
  if (isCheck) continue
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
  console.log(`${module.name}: ${binary.length} bytes`)
}
