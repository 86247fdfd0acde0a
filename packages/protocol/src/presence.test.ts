import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ByteWriter } from './bytes.ts'
import { limits } from './limits.ts'
import { absent, decodePresence, emptyPresence, encodePresence, readPresenceState } from './presence.ts'
import { presenceEntries } from './testing/arbitrary-messages.ts'
import { hex, toHex } from './testing/hex.ts'
import { refusalOf, truncations } from './testing/refusal.ts'

const one = (clientId: number, clock: number, state: string): Uint8Array =>
  encodePresence([{ clientId, clock, state }])
const refusal = (bytes: Uint8Array): unknown => refusalOf(() => decodePresence(bytes))

describe('a presence frame', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(presenceEntries, (entries) => {
        expect(decodePresence(encodePresence(entries))).toEqual(entries)
      }),
    )
  })

  it('A1: is that of y-protocols', () => {
    expect(toHex(one(10, 0, '{}'))).toBe('01 0a 00 02 7b 7d')
    expect(toHex(encodePresence(emptyPresence))).toBe('00')
    expect(decodePresence(hex('01 0a 05 04 6e 75 6c 6c'))).toEqual([
      { clientId: 10, clock: 5, state: absent },
    ])
  })

  it('is refused when cut off anywhere', () => {
    fc.assert(
      fc.property(presenceEntries, (entries) => {
        for (const cutOff of truncations(encodePresence(entries))) expect(refusal(cutOff)).toBeDefined()
      }),
      { numRuns: 50 },
    )
  })

  it('is refused with bytes after its end', () => {
    expect(refusal(hex('00 00'))).toBe('frame-malformed')
    expect(refusal(hex('01 0a 00 02 7b 7d 00'))).toBe('frame-malformed')
  })

  it('is refused when it claims more entries than its bytes can hold, before one is read', () => {
    expect(refusal(hex('02 01 00 00'))).toBe('presence-malformed')
    expect(refusal(hex('ff ff ff ff ff ff ff 0f'))).toBe('presence-malformed')
  })

  it('L5: may hold as many entries as the limit, and not one more', () => {
    const crowd = (count: number): Uint8Array =>
      encodePresence(Array.from({ length: count }, (_, clientId) => ({ clientId, clock: 1, state: absent })))
    expect(refusal(crowd(limits.maxPresenceEntries))).toBeUndefined()
    expect(refusal(crowd(limits.maxPresenceEntries + 1))).toBe('presence-malformed')
  })

  it('L4: may hold a state as long as the limit, and not one character longer', () => {
    const state = (length: number): string => JSON.stringify({ a: 'x'.repeat(length - '{"a":""}'.length) })
    expect(refusal(one(1, 1, state(limits.maxPresenceStateBytes)))).toBeUndefined()
    expect(refusal(one(1, 1, state(limits.maxPresenceStateBytes + 1)))).toBe('presence-too-large')
  })

  it('L6: may hold a clock as high as the limit, and not one higher', () => {
    expect(refusal(one(1, limits.maxPresenceClock, '{}'))).toBeUndefined()
    expect(refusal(one(1, limits.maxPresenceClock + 1, '{}'))).toBe('presence-malformed')
  })

  it('is refused when a state is not UTF-8 or holds NUL', () => {
    const raw = (state: string): Uint8Array =>
      new ByteWriter().varUint(1).varUint(1).varUint(1).varBytes(hex(state)).finish()
    expect(refusal(raw('7b ff 7d'))).toBe('frame-malformed')
    expect(refusal(raw('7b 00 7d'))).toBe('frame-malformed')
  })
})

describe('a presence state', () => {
  const isPresenceState = (state: string): boolean => readPresenceState(state) !== undefined
  const nested = (depth: number): string => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`

  it.each([
    '{}',
    '{"user":{"name":"Ada"},"cursor":null}',
    '{"list":[1,[2]]}',
    '{"__proto__":{}}',
    '{"a":"\\u0000"}',
  ])('A3: may be %s', (state) => expect(isPresenceState(state)).toBe(true))

  it.each([
    absent,
    '',
    '[]',
    '1',
    '"text"',
    'true',
    'undefined',
    '{',
    '{a:1}',
    '{"a":NaN}',
    '{}{}',
    ' null ',
    '\ufeff{}',
  ])('A3: may not be %j', (state) => expect(isPresenceState(state)).toBe(false))

  it('A3: may be eight deep, and not nine, in objects as in arrays', () => {
    expect(isPresenceState(nested(8))).toBe(true)
    expect(isPresenceState(nested(9))).toBe(false)
    expect(isPresenceState(`{"a":${'['.repeat(7)}${']'.repeat(7)}}`)).toBe(true)
    expect(isPresenceState(`{"a":${'['.repeat(8)}${']'.repeat(8)}}`)).toBe(false)
  })

  it('is judged, not failed on, at the deepest and the widest that fit a frame', () => {
    const half = limits.maxPresenceStateBytes / 2
    expect(isPresenceState(`${'['.repeat(half)}${']'.repeat(half)}`)).toBe(false)
    expect(isPresenceState(`{"a":[${'0,'.repeat(half - 10)}0]}`)).toBe(true)
  })
})
