import { UnsupportedVersionError } from './errors.ts'

/** The reference binary whose behaviour this implementation reproduces. */
export const BINARY_VERSION = '2.9.1'

/** What build-chain writes. */
export const SUPPORTED_VERSION_DEFAULT = '2.9.0'

/**
 * The rules that one value of `compatibility.supported_version` selects. All gates of the chain format
 * belong here and nowhere else; today there is one rule set, that of 2.9.x.
 */
export interface VersionRules {
  /** As configured, such as `2.9.0`. */
  readonly supported: string
}

const SPOKEN = new Set(['2.9.0', '2.9.1'])

/** Throws {@link UnsupportedVersionError} for a chain format of another release. */
export function versionRules(supported: string): VersionRules {
  if (!SPOKEN.has(supported)) throw new UnsupportedVersionError(supported)
  return { supported }
}
