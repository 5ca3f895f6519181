/** A file of a chain to be: `path` with slashes, relative to the output folder. */
export interface PlannedFile {
  readonly path: string
  readonly content: string | Uint8Array
  /** Permission bits. */
  readonly mode: number
}

export function dataFile(path: string, content: string | Uint8Array): PlannedFile {
  return { path, content, mode: 0o644 }
}

/** A key: nobody but its owner may read it. */
export function secretFile(path: string, content: string): PlannedFile {
  return { path, content, mode: 0o600 }
}

export function programFile(path: string, content: string): PlannedFile {
  return { path, content, mode: 0o755 }
}

/** The same files one folder further in. */
export function within(folder: string, files: readonly PlannedFile[]): readonly PlannedFile[] {
  return files.map((file) => ({ ...file, path: `${folder}/${file.path}` }))
}
