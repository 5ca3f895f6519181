import { defaultServerConditions } from 'vite'
import { defineConfig } from 'vitest/config'

// Tests run on the sources of every package: no build, and breakpoints where the code is.
const conditions = ['@bcos-ts/source', ...defaultServerConditions]

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['{packages/*/{src,test},scripts}/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    benchmark: { include: ['packages/*/{src,bench}/**/*.bench.ts'] },
  },
})
