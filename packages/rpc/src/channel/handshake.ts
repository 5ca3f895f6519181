/**
 * Which version of the channel protocol a client and this node speak (spec 02 §5). Pure.
 * @module
 */
import { isJsonObject, type JsonValue } from '../json.ts'
import { parseJson } from '../parse-json.ts'
import type { ProtocolVersion } from './session.ts'

const VERSION_MIN = 1
const VERSION_MAX = 3

/** `ignored`: no answer. `closed`: the ranges do not meet. */
export type HandshakeOutcome =
  | { readonly type: 'agreed'; readonly version: ProtocolVersion; readonly client: string }
  | { readonly type: 'ignored' }
  | { readonly type: 'closed' }

export function shakeHands(text: string): HandshakeOutcome {
  const request = parseJson(text)
  if (!isJsonObject(request)) return { type: 'ignored' }
  const minimum = versionOf(request['minimumSupport'])
  const maximum = versionOf(request['maximumSupport'])
  if (minimum === undefined || maximum === undefined) return { type: 'ignored' }
  if (VERSION_MAX < minimum || VERSION_MIN > maximum) return { type: 'closed' }
  const { clientType } = request
  const client = typeof clientType === 'string' ? clientType : ''
  return { type: 'agreed', version: agreed(maximum), client }
}

function versionOf(value: JsonValue | undefined): number | undefined {
  if (value === undefined) return VERSION_MIN
  return typeof value === 'number' && Number.isInteger(value) ? value : undefined
}

function agreed(maximum: number): ProtocolVersion {
  if (maximum >= VERSION_MAX) return VERSION_MAX
  return maximum === 2 ? 2 : VERSION_MIN
}
