import { type IniEntry, type IniFile, nameOf } from './ini.ts'

/** A key that has no effect here, and why: keys of the reference's threads, of its databases, of later releases. */
export interface NoEffect {
  readonly key: string
  readonly reason: string
  /** What generated files say: nobody needs to be told that it changes nothing. */
  readonly usual?: string
}

/** One sentence for each entry that changes nothing: known keys with their reason, and unknown ones. */
export function configWarnings(ini: IniFile, noEffect: readonly NoEffect[]): readonly string[] {
  const known = noEffect.flatMap(({ key, reason, usual = '' }) =>
    ini
      .ignore(key)
      .filter(({ value }) => value !== '' && value !== usual)
      .map((entry) => place(ini, entry, reason)),
  )
  const unknown = ini.unknown().map((entry) => place(ini, entry, 'no such key is known'))
  return [...known, ...unknown]
}

function place(ini: IniFile, entry: IniEntry, reason: string): string {
  return `${ini.file}:${entry.line}: ${nameOf(entry)} has no effect: ${reason}`
}
