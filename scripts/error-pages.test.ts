import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { errorStories } from '@bcos-ts/cli'
import { describe, expect, it } from 'vitest'
import { ERROR_PAGES_FOLDER, errorPages } from './error-pages.ts'

describe('the pages of errors', () => {
  it('are those that the code makes: run pnpm docs:errors', () => {
    const written = readdirSync(ERROR_PAGES_FOLDER)
    const pages = errorPages()
    expect(written.toSorted()).toEqual([...pages.keys()].toSorted())
    const old = written.filter(
      (name) => readFileSync(join(ERROR_PAGES_FOLDER, name), 'utf8') !== pages.get(name),
    )
    expect(old).toEqual([])
  })

  it('tell cause, evidence and remedy in sentences, under codes that are used once', () => {
    const codes = errorStories.map(({ code }) => code)
    expect(new Set(codes).size).toBe(codes.length)
    const bad = errorStories.flatMap(({ code, cause, evidence, remedy }) =>
      [cause, evidence, remedy].filter((text) => !/^\S.*[.)]$/.test(text)).map(() => code),
    )
    expect(bad).toEqual([])
  })
})
