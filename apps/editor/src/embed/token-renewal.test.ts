import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { TokenRenewal } from './token-renewal.ts'

const now = 1_000_000
const tokenOf = (claims: object): string => `header.${btoa(JSON.stringify(claims))}.signature`

describe('the renewal of tokens', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('asks when half the life of a token is over, and again until there is a newer one', () => {
    const asked = vi.fn()
    const renewal = new TokenRenewal(asked, () => now)
    renewal.watch(tokenOf({ iat: now - 40, exp: now + 60 }))
    vi.advanceTimersByTime(49_999)
    expect(asked).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1)
    expect(asked).toHaveBeenCalledTimes(1)
    vi.advanceTimersByTime(10_000)
    expect(asked).toHaveBeenCalledTimes(3)
    renewal.watch(tokenOf({ exp: now + 60 }))
    vi.advanceTimersByTime(29_999)
    expect(asked).toHaveBeenCalledTimes(3)
    vi.advanceTimersByTime(1)
    expect(asked).toHaveBeenCalledTimes(4)
    renewal.stop()
    vi.advanceTimersByTime(100_000)
    expect(asked).toHaveBeenCalledTimes(4)
  })

  it('asks at once where there is none yet, and again until there is', () => {
    const asked = vi.fn()
    const renewal = new TokenRenewal(asked, () => now)
    renewal.begin()
    vi.advanceTimersByTime(0)
    expect(asked).toHaveBeenCalledTimes(1)
    vi.advanceTimersByTime(10_000)
    expect(asked).toHaveBeenCalledTimes(3)
    renewal.watch(tokenOf({ iat: now, exp: now + 60 }))
    vi.advanceTimersByTime(29_999)
    expect(asked).toHaveBeenCalledTimes(3)
  })

  it('counts the life of a token from when it was first told of it', () => {
    const asked = vi.fn()
    const renewal = new TokenRenewal(asked, () => Date.now() / 1000)
    const token = tokenOf({ iat: 0, exp: 60 })
    renewal.watch(token)
    vi.advanceTimersByTime(20_000)
    renewal.stop()
    renewal.watch(token)
    vi.advanceTimersByTime(9_999)
    expect(asked).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1)
    expect(asked).toHaveBeenCalledTimes(1)
  })

  it.each([
    ['a key', 'AAAAAAAAAAAAAAAAAAAAAA'],
    ['nonsense', 'a.%.b'],
    ['what says nothing of an end', tokenOf({ sub: 'ada' })],
    ['an end that is no number', tokenOf({ exp: 'soon' })],
    ['what is no object', `a.${btoa('null')}.b`],
  ])('asks for nothing after %s', (_what, token) => {
    const asked = vi.fn()
    new TokenRenewal(asked, () => now).watch(token)
    vi.advanceTimersByTime(10_000_000)
    expect(asked).not.toHaveBeenCalled()
  })
})
