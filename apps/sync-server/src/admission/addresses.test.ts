import type { IncomingMessage } from 'node:http'
import { describe, expect, it } from 'vitest'
import { Addresses, parseNetwork, type Network } from './addresses.ts'

function from(remoteAddress: string, forwardedFor?: string): IncomingMessage {
  const headers = forwardedFor === undefined ? {} : { 'x-forwarded-for': forwardedFor }
  return { headers, socket: { remoteAddress } } as unknown as IncomingMessage // all that is looked at
}

function networks(...texts: readonly string[]): Network[] {
  return texts.map((text) => parseNetwork(text)).filter((network) => network !== undefined)
}

describe('an address', () => {
  const addresses = new Addresses([])
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::6', '2001:db8:1:2::/64'],
    ['2001:0DB8::1', '2001:db8:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['64:ff9b::192.0.2.33', '64:ff9b:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['', ''],
  ])('%s counts as %s', (remote, counted) => expect(addresses.of(from(remote))).toBe(counted))

  it('is what somebody says only if they are trusted', () => {
    expect(addresses.of(from('192.0.2.7', '203.0.113.9'))).toBe('192.0.2.7')
    expect(new Addresses(networks('198.51.100.0/24')).of(from('192.0.2.7', '203.0.113.9'))).toBe('192.0.2.7')
  })
})

it('of whoever is at the other end is told but for proxies that are trusted', () => {
  const addresses = new Addresses(networks('198.51.100.0/24'))
  const peers = ['::ffff:192.0.2.7', '2001:db8:1:2::6', '198.51.100.7', '::ffff:198.51.100.7']
  expect(peers.map((peer) => addresses.ofPeer(peer))).toEqual([
    '192.0.2.7',
    '2001:db8:1:2::/64',
    undefined,
    undefined,
  ])
})

describe('behind proxies that are trusted', () => {
  const addresses = new Addresses(networks('127.0.0.1', '10.0.0.0/8', 'fd00::/8'))
  it.each([
    ['one proxy', '127.0.0.1', '203.0.113.9', '203.0.113.9'],
    ['one proxy, and a client that makes up a past', '127.0.0.1', '198.51.100.1, 203.0.113.9', '203.0.113.9'],
    ['a client that claims to be a proxy', '127.0.0.1', '10.0.0.1, 203.0.113.9', '203.0.113.9'],
    ['two proxies', '127.0.0.1', '203.0.113.9, 10.2.3.4', '203.0.113.9'],
    ['IPv6', 'fd12::1', '2001:db8:1:2::6', '2001:db8:1:2::/64'],
    ['a mapped proxy, and ports', '::ffff:10.0.0.3', '203.0.113.9:4711', '203.0.113.9'],
    ['IPv6 in brackets', '127.0.0.1', '[2001:db8::1]:4711', '2001:db8:0:0::/64'],
    ['a proxy that says nothing', '127.0.0.1', '', '127.0.0.1'],
    ['a proxy that does not know', '127.0.0.1', 'unknown', '127.0.0.1'],
    ['a proxy that repeats nonsense', '127.0.0.1', '203.0.113.9, <script>', '127.0.0.1'],
  ])('%s', (_, remote, said, counted) => expect(addresses.of(from(remote, said))).toBe(counted))
})

describe('a network', () => {
  it.each(['10.0.0.0/8', '127.0.0.1', '::1', '2001:db8::/32', '0.0.0.0/0'])('is %s', (text) =>
    expect(parseNetwork(text)).toBeDefined(),
  )
  it.each(['', '10.0.0/8', '10.0.0.0/33', '10.0.0.0/-1', '10.0.0.0/8/8', '::/129', 'localhost', '10.0.0.0/'])(
    'is not %j',
    (text) => expect(parseNetwork(text)).toBeUndefined(),
  )
})
