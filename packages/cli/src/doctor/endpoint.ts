import { UsageError } from '../errors.ts'
import type { Target } from './tls-probe.ts'

const FORM = /^(?:\[([0-9a-fA-F:.]+)\]|([^\s:[\]]+)):(\d{1,5})$/
const PORT_MAX = 65_535

/** Reads `host:port` or `[v6]:port`. Throws `CLI_USAGE`. */
export function parseEndpointText(text: string, argument: string): Target {
  const [, v6, name, digits] = FORM.exec(text.trim()) ?? []
  const host = v6 ?? name
  const port = Number(digits)
  if (host === undefined || port < 1 || port > PORT_MAX) {
    throw new UsageError(argument, `"${text}" is not host:port, or [address]:port for IPv6`)
  }
  return { host, port }
}
