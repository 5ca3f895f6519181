import { describe, expect, it } from 'vitest'
import { formatEndpoint, parseEndpoint } from './endpoint.ts'

describe('endpoints', () => {
  it.each([
    ['127.0.0.1:30300', '127.0.0.1', 30_300],
    ['node0.example.org:1', 'node0.example.org', 1],
    ['[::1]:30300', '::1', 30_300],
    ['[fe80::1%eth0]:65535', 'fe80::1%eth0', 65_535],
  ])('%s is an address', (text, host, port) => {
    expect(parseEndpoint(text)).toEqual({ host, port })
    expect(formatEndpoint(host, port)).toBe(text)
  })

  it.each(['', 'host', 'host:', ':30300', 'host:65536', 'host:x', '::1:30300', '[::1]', 'a b:1'])(
    '"%s" is none',
    (text) => {
      expect(() => parseEndpoint(text)).toThrow(
        expect.objectContaining({ code: 'NETWORK_INVALID_ENDPOINT' }),
      )
    },
  )
})
