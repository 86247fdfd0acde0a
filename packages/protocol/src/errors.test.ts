import { describe, expect, it } from 'vitest'
import { closeCodes } from './close-codes.ts'
import { ProtocolError, type ProtocolErrorCode } from './errors.ts'

describe('a peer’s fault', () => {
  it.each<[ProtocolErrorCode, number]>([
    ['frame-malformed', 4400],
    ['frame-too-large', 4413],
    ['text-frame', 4400],
    ['message-unknown', 4400],
    ['message-unexpected', 4400],
    ['update-malformed', 4400],
    ['presence-malformed', 4400],
    ['presence-too-large', 4400],
    ['document-name-malformed', 4400],
    ['token-invalid', 4401],
    ['token-expired', 4401],
    ['keys-unavailable', 1013],
    ['user-changed', 4400],
    ['write-not-allowed', 4403],
    ['document-unknown', 4404],
    ['version-unsupported', 4426],
  ])('E2: %s closes with %d', (code, closeCode) => {
    const cause = new Error('why')
    const error = new ProtocolError(code, 'what', { cause })
    expect(error).toMatchObject({ name: 'ProtocolError', code, closeCode, message: 'what', cause })
    expect(error).toBeInstanceOf(Error)
  })

  it('E1: is told by a code of 4400–4499, where clients stop, and everything else by one where they come back', () => {
    const { serverError, restart, tryAgainLater, ...faults } = closeCodes
    for (const code of Object.values(faults)) expect(Math.floor(code / 100)).toBe(44)
    expect([serverError, restart, tryAgainLater]).toEqual([1011, 1012, 1013])
  })
})
