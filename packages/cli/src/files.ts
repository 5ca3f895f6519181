import { open, readFile } from 'node:fs/promises'
import { messageOf } from '@bcos-ts/common'
import { OutputExistsError, UnreadableFileError, UnwritableFileError } from './errors.ts'

/** Keys, certificates and host lists are far below this. */
const FILE_BYTES_MAX = 4 * 1024 * 1024

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EISDIR: 'it is a folder',
  ENOENT: 'there is no such file or folder',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'a part of its path is not a folder',
  EPERM: 'permission denied',
  EROFS: 'the disk is read-only',
}

/** The code of a system error, such as `ENOENT`. */
export function systemCodeOf(error: unknown): string | undefined {
  const hasCode = typeof error === 'object' && error !== null && 'code' in error
  return hasCode && typeof error.code === 'string' ? error.code : undefined
}

/** Why the system refused, in words. */
export function systemReasonOf(error: unknown): string {
  return REASONS[systemCodeOf(error) ?? ''] ?? messageOf(error)
}

/** Reads a small file. Throws {@link UnreadableFileError}. */
export async function readBytes(file: string): Promise<Uint8Array> {
  const bytes = await readFile(file).catch((error: unknown) => {
    throw new UnreadableFileError(file, systemReasonOf(error), error)
  })
  if (bytes.length > FILE_BYTES_MAX) {
    throw new UnreadableFileError(file, `it has ${bytes.length} bytes, more than ${FILE_BYTES_MAX}`)
  }
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
}

/** Reads a small text file in UTF-8. Throws {@link UnreadableFileError}. */
export async function readText(file: string): Promise<string> {
  return new TextDecoder().decode(await readBytes(file))
}

/** Writes a file that must not exist, down to the disk. Throws `CLI_OUTPUT_EXISTS` or `CLI_FILE_UNWRITABLE`. */
export async function writeNew(
  file: string,
  content: string | Uint8Array,
  mode: number,
): Promise<void> {
  try {
    const handle = await open(file, 'wx', mode)
    try {
      await handle.writeFile(content)
      await handle.sync()
    } finally {
      await handle.close()
    }
  } catch (error) {
    if (systemCodeOf(error) === 'EEXIST') throw new OutputExistsError(file)
    throw new UnwritableFileError(file, systemReasonOf(error), error)
  }
}
