import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { faultOf, minSecretBytes } from './secret.ts'

const fault = (secret: string): string | undefined => faultOf(secret, minSecretBytes)

describe('a secret that an operator sets', () => {
  it('is counted in bytes, and may be of any script', () => {
    expect(fault('kJ4vX9sQ2mTz7LcR1pWb8HnY5dGf3Ae')).toBe('must be at least 32 bytes long')
    expect(fault('kJ4vX9sQ2mTz7LcR1pWb8HnY5dGf3AeU')).toBeUndefined()
    expect(fault('žluťoučký kůň pěl ďábe')).toBe('must be at least 32 bytes long')
    expect(fault('žluťoučký kůň pěl ďábelské ódy')).toBeUndefined()
  })

  it.each([
    'x'.repeat(40),
    '\0'.repeat(64),
    'secretsecretsecretsecretsecretsec',
    'passwordpasswordpasswordpassword',
    '0123456789abcdef0123456789abcdef',
    'change me, change me, change me!!',
    'CHANGE_ME_TO_32_RANDOM_CHARACTERS',
    'changeit-changeit-0123456789-changeit',
    'please-change-this-before-production',
    'please.replace_this.before.you.start',
    'your-256-bit-secret-your-256-bit-s',
    'a-string-secret-at-least-256-bits-long',
    'my super secret that nobody knows!',
    'quire-example-secret-for-the-tests',
    'the-secret-key-of-our-quire-server',
  ])('is refused if it is a placeholder: %j', (secret) => {
    expect(fault(secret)).toMatch('no placeholder')
  })

  it('is taken if it was made by chance, in whatever alphabet', () => {
    for (const encoding of ['hex', 'base64', 'base64url'] as const)
      for (let seed = 0; seed < 1000; seed++)
        expect(fault(createHash('sha256').update(String(seed)).digest(encoding))).toBeUndefined()
  })
})
