// Lays out a new package in the shape all packages share: node scripts/create-package.mjs NAME "DESCRIPTION" [dependency …]
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const [name, description, ...dependencies] = process.argv.slice(2)
if (name === undefined || description === undefined) {
  console.error('usage: node scripts/create-package.mjs NAME "DESCRIPTION" [dependency …]')
  process.exit(1)
}
const folder = join(import.meta.dirname, '..', 'packages', name)
mkdirSync(join(folder, 'src'), { recursive: true })
const manifest = {
  name: `@bcos-ts/${name}`,
  version: '0.1.0',
  description,
  license: 'Apache-2.0',
  files: ['dist', 'src', '!**/*.test.ts', '!**/*.bench.ts', '!**/*.tsbuildinfo'],
  type: 'module',
  sideEffects: false,
  exports: {
    '.': {
      '@bcos-ts/source': './src/index.ts',
      types: './dist/index.d.ts',
      default: './dist/index.js',
    },
    './package.json': './package.json',
  },
  scripts: { build: 'tsc -b' },
  dependencies: Object.fromEntries(dependencies.map((one) => [`@bcos-ts/${one}`, 'workspace:^'])),
  engines: { node: '>=20.19.0' },
}
const tsconfig = {
  extends: '../../tsconfig.base.json',
  compilerOptions: { rootDir: 'src', outDir: 'dist', tsBuildInfoFile: 'dist/.tsbuildinfo' },
  include: ['src'],
  exclude: ['src/**/*.test.ts', 'src/**/*.bench.ts'],
  references: dependencies.map((one) => ({ path: `../${one}` })),
}
const write = (file, text) => writeFileSync(join(folder, file), text, { flag: 'wx' })
write('package.json', `${JSON.stringify(manifest, null, 2)}\n`)
write('tsconfig.json', `${JSON.stringify(tsconfig, null, 2)}\n`)
write('README.md', `# @bcos-ts/${name}\n\n${description}.\n`)
