/**
 * Small files that a crash must not leave half written.
 * @module
 */
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

const MODE_DEFAULT = 0o644

/**
 * Replaces a file: after a crash at any instant it holds the former content or the new one, and the new one when
 * the call has returned. Others wait for the disk meanwhile: not for what happens often.
 */
export function replaceFile(
  path: string,
  content: string | Uint8Array,
  mode: number = MODE_DEFAULT,
): void {
  const draft = `${path}.new`
  rmSync(draft, { force: true })
  try {
    writeNew(draft, content, mode)
    renameSync(draft, path)
  } catch (error) {
    rmSync(draft, { force: true })
    throw error
  }
  syncFolder(dirname(path))
}

function writeNew(path: string, content: string | Uint8Array, mode: number): void {
  const file = openSync(path, 'wx', mode)
  try {
    writeFileSync(file, content)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** A new or renamed file is only found again after a crash when its folder was synced too. */
export function syncFolder(path: string): void {
  const folder = openSync(path, 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}
