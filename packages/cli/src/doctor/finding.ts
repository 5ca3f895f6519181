import { isBcosError } from '@bcos-ts/common'
import { findStories } from '../explain/stories.ts'

/** What one check found. */
export interface Finding {
  /** What was looked at, such as `peer 127.0.0.1:30301`. */
  readonly check: string
  /** `skipped`: it could not be looked at, because of something that another finding tells. */
  readonly state: 'ok' | 'warning' | 'wrong' | 'skipped'
  readonly detail: string
  /** What to do, where something is to be done. */
  readonly remedy?: string
}

export function ok(check: string, detail: string): Finding {
  return { check, state: 'ok', detail }
}

export function wrong(check: string, detail: string, remedy: string): Finding {
  return { check, state: 'wrong', detail, remedy }
}

export function warning(check: string, detail: string, remedy: string): Finding {
  return { check, state: 'warning', detail, remedy }
}

export function skipped(check: string, detail: string): Finding {
  return { check, state: 'skipped', detail }
}

/** The finding that a typed error is; its remedy is that of the error's story. Other errors go on. */
export function failed(check: string, error: unknown): Finding {
  if (!isBcosError(error)) throw error
  const [story] = findStories(error.code)
  return wrong(check, `${error.message} (${error.code})`, story?.remedy ?? 'See the message.')
}
