import { describe, expect, test } from 'vitest'
import { CannotStart } from '../platform/data-folder.ts'
import { readSettings } from '../settings.ts'
import { callerAddress, networkOf } from './caller-address.ts'

const PROXIES = '127.0.0.1, ::1, 10.0.0.0/8, fd00::/8'

describe('behind trusted proxies the caller is whom the outermost of them was called by', () => {
  test.each([
    ['one proxy', '127.0.0.1', '203.0.113.7', '203.0.113.7'],
    ['two proxies', '127.0.0.1', '203.0.113.7, 10.1.2.3', '203.0.113.7'],
    ['what the caller wrote itself stands further left', '127.0.0.1', '192.0.2.1, 127.0.0.1, 203.0.113.7, 10.1.2.3', '203.0.113.7'],
    ['an IPv4 address that a socket for both shows as IPv6', '::ffff:10.0.0.5', '203.0.113.7', '203.0.113.7'],
    ['a caller over IPv6', 'fd12::1', '2001:db8::7', '2001:db8::7'],
    ['a proxy that adds the port', '10.0.0.5', '203.0.113.7:4711', '203.0.113.7'],
    ['so over IPv6', '10.0.0.5', '[2001:db8::7]:4711', '2001:db8::7'],
    ['a proxy that hides whom it speaks for', '10.0.0.5', '203.0.113.7, unknown', '10.0.0.5'],
    ['a call of the proxy’s own', '10.0.0.5', null, '10.0.0.5'],
    ['one from the proxies’ own network', '10.0.0.5', '10.0.0.9', '10.0.0.9'],
  ])('%s', (_, peer, forwardedFor, caller) => expect(callerAddress(PROXIES)(peer, forwardedFor)).toBe(caller))
})

test('a connection that is no trusted proxy’s speaks for itself, whatever its header says', () => {
  expect(callerAddress(PROXIES)('198.51.100.1', '203.0.113.7')).toBe('198.51.100.1')
  expect(callerAddress('')('127.0.0.1', '203.0.113.7')).toBe('127.0.0.1')
  expect(callerAddress('10.0.0.0/9')('10.128.0.1', '203.0.113.7')).toBe('10.128.0.1')
})

test('ranges may be written for IPv4 addresses in IPv6 ones too', () =>
  expect(callerAddress('::ffff:10.0.0.0/104')('10.200.0.1', '203.0.113.7')).toBe('203.0.113.7'))

test.each(['10.0.0.0/33', 'proxy.example', '010.0.0.1', '10.0.0', 'fd00::/129', '10.0.0.0/8/8', '10.0.0.0/x', '10.0.0.1/'])(
  'TRUSTED_PROXIES=%s is a clear error at start',
  entry => {
    expect(() => readSettings({ TRUSTED_PROXIES: `10.0.0.1, ${entry}` })).toThrow(CannotStart)
    expect(() => readSettings({ TRUSTED_PROXIES: `10.0.0.1, ${entry}` })).toThrow(
      `TRUSTED_PROXIES: "${entry}" is not an address or a range`,
    )
  },
)

test.each(['0.0.0.0/0', '::/0'])('TRUSTED_PROXIES=%s, which would let anybody be anybody, is one too', entry =>
  expect(() => readSettings({ TRUSTED_PROXIES: entry })).toThrow('would trust everybody'),
)

test('guesses count together by IPv4 address, and by /64 over IPv6, however an address is written', () => {
  expect(networkOf('203.0.113.7')).toBe('203.0.113.7')
  expect(networkOf('::ffff:203.0.113.7')).toBe('203.0.113.7')
  const same = ['2001:db8:0:1::1', '2001:0db8::1:ffff:ffff:ffff:ffff', '2001:db8:0:1:0:0:0:9%eth0'].map(networkOf)
  expect(new Set(same)).toEqual(new Set(['2001:db8:0:1::/64']))
  expect(networkOf('2001:db8:0:2::1')).not.toBe(same[0])
  expect(networkOf('')).toBe('')
})
