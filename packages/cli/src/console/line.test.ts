import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { splitCommands, splitWords } from './line.ts'

const texts = (command: string) => splitWords(command).map(({ text }) => text)

describe('commands of a line', () => {
  it.each([
    ['getBlockNumber', ['getBlockNumber']],
    ['a; b ;; c;', ['a', 'b', 'c']],
    ['a\nb', ['a', 'b']],
    ['', []],
    ['# a comment; with more\na', ['a']],
    ['a # not a comment', ['a # not a comment']],
    ['say "a;b" \'c;d\'; e', ['say "a;b" \'c;d\'', 'e']],
    ['say "a \\"; b"; c', ['say "a \\"; b"', 'c']],
    [
      'create table t (\n a varchar,\n b varchar\n); desc t',
      ['create table t (\n a varchar,\n b varchar\n)', 'desc t'],
    ],
    ['f ["a;", [1;2]] ; g', ['f ["a;", [1;2]]', 'g']],
  ])('%j', (line, commands) => {
    expect(splitCommands(line)).toEqual(commands)
  })

  it('says where quotes begin that nothing closes', () => {
    expect(() => splitCommands('say "abc; d')).toThrow(
      expect.objectContaining({ code: 'CONSOLE_LINE_SYNTAX', details: { position: 5 } }),
    )
  })
})

describe('words of a command', () => {
  it.each([
    ['call A latest get', ['call', 'A', 'latest', 'get']],
    ['set "Hello, BCOS"', ['set', 'Hello, BCOS']],
    ['set \'a "b"\'', ['set', 'a "b"']],
    ['set "a\\n\\"b\\\\"', ['set', 'a\n"b\\']],
    ['set ""', ['set', '']],
    ['set [1, 2, 3] [["a b"],[]]', ['set', '[1, 2, 3]', '[["a b"],[]]']],
    ['set ("a", 1)', ['set', '("a", 1)']],
    ['set it"s', ['set', 'it"s']],
  ])('%s', (command, words) => {
    expect(texts(command)).toEqual(words)
  })

  it('are told from text in quotes', () => {
    expect(splitWords('a "b" [1]').map(({ isQuoted }) => isQuoted)).toEqual([false, true, false])
  })

  it.each([
    ['f [1,2', 3],
    ['f ["a]', 4],
    ['f "a', 3],
  ])('%s is refused with the place', (command, position) => {
    expect(() => splitWords(command)).toThrow(
      expect.objectContaining({ code: 'CONSOLE_LINE_SYNTAX', details: { position } }),
    )
  })

  it('come back from quotes as they were', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (words) => {
        const quoted = words.map((word) => `"${word.replaceAll(/["\\]/g, '\\$&')}"`)
        expect(texts(quoted.join(' '))).toEqual(words)
      }),
    )
  })

  it('end in words or in an error with a place, whatever is typed', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'ab "\'\\[](){};#\n'.split('')) }),
        (line) => {
          try {
            for (const command of splitCommands(line)) splitWords(command)
          } catch (error) {
            expect(error).toMatchObject({ code: 'CONSOLE_LINE_SYNTAX' })
          }
        },
      ),
    )
  })
})
