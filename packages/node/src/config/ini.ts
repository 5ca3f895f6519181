/**
 * The INI dialect of 2.x files (spec 04 §10.1): `[section]`, `key=value`, comment lines with `;`, no section and
 * no key twice. Unlike the reference, a value that does not fit is an error with its place, not a silent default.
 * @module
 */
import { ConfigSyntaxError, InvalidValueError, MissingKeyError } from '../errors.ts'

export interface IniEntry {
  readonly section: string
  readonly key: string
  readonly value: string
  readonly line: number
}

export interface IntegerRange {
  readonly min: number
  readonly max: number
}

/** One file, which remembers what was asked of it: what nobody asked for is worth a warning. */
export class IniFile {
  readonly file: string
  readonly #entries: ReadonlyMap<string, IniEntry>
  readonly #asked = new Set<string>()

  constructor(file: string, entries: ReadonlyMap<string, IniEntry>) {
    this.file = file
    this.#entries = entries
  }

  /** The entry, by `section.key`. The first of the names that is present: old names come last. */
  entry(...names: readonly string[]): IniEntry | undefined {
    for (const name of names) this.#asked.add(name)
    for (const name of names) {
      const entry = this.#entries.get(name)
      if (entry !== undefined) return entry
    }
    return undefined
  }

  text(name: string, fallback: string): string {
    return this.entry(name)?.value ?? fallback
  }

  required(name: string, expected: string): IniEntry {
    const entry = this.entry(name)
    if (entry === undefined || entry.value === '')
      throw new MissingKeyError(this.file, name, expected)
    return entry
  }

  integer(name: string, fallback: number, { min, max }: IntegerRange): number {
    const entry = this.entry(name)
    if (entry === undefined || entry.value === '') return fallback
    const value = Number(entry.value)
    const isGood = /^[+-]?\d+$/.test(entry.value) && value >= min && value <= max
    if (!isGood) throw this.invalid(entry, `an integer from ${min} to ${max}`)
    return value
  }

  decimal(name: string, fallback: number, { min, max }: IntegerRange): number {
    const entry = this.entry(name)
    if (entry === undefined || entry.value === '') return fallback
    const value = Number(entry.value)
    const isGood = Number.isFinite(value) && value >= min && value <= max
    if (!isGood) throw this.invalid(entry, `a number from ${min} to ${max}`)
    return value
  }

  boolean(name: string, fallback: boolean): boolean {
    const entry = this.entry(name)
    if (entry === undefined || entry.value === '') return fallback
    const value = entry.value.toLowerCase()
    if (value === 'true' || value === '1') return true
    if (value === 'false' || value === '0') return false
    throw this.invalid(entry, 'true or false')
  }

  oneOf<T extends string>(name: string, fallback: T, allowed: readonly T[]): T {
    const entry = this.entry(name)
    if (entry === undefined || entry.value === '') return fallback
    const found = allowed.find((one) => one === entry.value.toLowerCase())
    if (found === undefined) throw this.invalid(entry, allowed.join(', '))
    return found
  }

  /** `section.prefix.0`, `section.prefix.1`, … in the order of the file. */
  list(section: string, prefix: string): readonly IniEntry[] {
    const start = `${section}.${prefix}.`
    const found: IniEntry[] = []
    for (const [name, entry] of this.#entries) {
      if (!name.startsWith(start)) continue
      this.#asked.add(name)
      if (entry.value !== '') found.push(entry)
    }
    return found
  }

  /** Marks keys as known without using them, with the reason why they have no effect here. */
  ignore(...names: readonly string[]): readonly IniEntry[] {
    return names.flatMap((name) => this.entry(name) ?? [])
  }

  /** Entries that nobody asked for. */
  unknown(): readonly IniEntry[] {
    return [...this.#entries].filter(([name]) => !this.#asked.has(name)).map(([, entry]) => entry)
  }

  invalid(entry: IniEntry, expected: string): InvalidValueError {
    const { line, value } = entry
    return new InvalidValueError({ file: this.file, line, key: nameOf(entry), value, expected })
  }
}

export function nameOf(entry: IniEntry): string {
  return `${entry.section}.${entry.key}`
}

/** Throws {@link ConfigSyntaxError}. */
export function parseIni(text: string, file: string): IniFile {
  const entries = new Map<string, IniEntry>()
  const sections = new Set<string>()
  let section = ''
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const content = raw.trim()
    const line = index + 1
    if (content === '' || content.startsWith(';')) continue
    if (content.startsWith('[')) {
      section = readSection(content, { file, line, sections })
      continue
    }
    const entry = readEntry(content, { file, line, section })
    const name = nameOf(entry)
    if (entries.has(name)) throw new ConfigSyntaxError(file, line, `${name} is given twice`)
    entries.set(name, entry)
  }
  return new IniFile(file, entries)
}

function readSection(
  content: string,
  { file, line, sections }: { file: string; line: number; sections: Set<string> },
): string {
  if (!content.endsWith(']')) throw new ConfigSyntaxError(file, line, 'a section ends with "]"')
  const section = content.slice(1, -1).trim()
  if (sections.has(section)) throw new ConfigSyntaxError(file, line, `[${section}] is given twice`)
  sections.add(section)
  return section
}

function readEntry(
  content: string,
  { file, line, section }: { file: string; line: number; section: string },
): IniEntry {
  const at = content.indexOf('=')
  if (at < 1) throw new ConfigSyntaxError(file, line, `expected key=value, found "${content}"`)
  const key = content.slice(0, at).trim()
  return { section, key, value: content.slice(at + 1).trim(), line }
}
