import { createHash } from 'node:crypto'
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { faultOf, keepSecret, minSecretBytes } from './secret.ts'

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

describe('a secret that is kept', () => {
  let folder: string
  let path: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'quire-secret-'))
    path = join(folder, 'secret')
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  it('is made once, for its owner only, and leaves nothing beside it', () => {
    const secret = keepSecret(folder)
    expect(secret).toHaveLength(64)
    expect(keepSecret(folder)).toEqual(secret)
    expect(readdirSync(folder)).toEqual(['secret'])
    expect(statSync(path).mode & 0o777).toBe(0o600)
  })

  it('is another in another folder', () => {
    const other = mkdtempSync(join(folder, 'other-'))
    expect(keepSecret(other)).not.toEqual(keepSecret(folder))
  })

  it('is made anew if its making was interrupted', () => {
    writeFileSync(join(folder, 'secret.new'), 'half')
    expect(keepSecret(folder)).toHaveLength(64)
    expect(readdirSync(folder)).toEqual(['secret'])
  })

  it('is refused if it is cut to less than a secret has to be, and left as it is', () => {
    keepSecret(folder)
    for (let length = minSecretBytes - 1; length >= 0; length--) {
      truncateSync(path, length)
      expect(() => keepSecret(folder)).toThrow(`what ${path} holds must be at least 32 bytes long`)
      expect(readFileSync(path)).toHaveLength(length)
    }
  })

  it('is refused if its bytes never reached the disk', () => {
    writeFileSync(path, new Uint8Array(64), { mode: 0o600 })
    expect(() => keepSecret(folder)).toThrow('no placeholder')
  })

  it('is refused if it is a link that leads nowhere, which may be a disk that is not there yet', () => {
    symlinkSync(join(folder, 'missing', 'secret'), path)
    expect(() => keepSecret(folder)).toThrow('ENOENT')
    expect(readdirSync(folder)).toEqual(['secret'])
  })

  it.runIf(process.platform !== 'win32').each([0o604, 0o602, 0o644, 0o666])(
    'is refused if everyone on the machine may open it (%o)',
    (mode) => {
      keepSecret(folder)
      chmodSync(path, mode)
      expect(() => keepSecret(folder)).toThrow(`everyone on this machine may open ${path}: chmod 600 it`)
    },
  )

  it.runIf(process.platform !== 'win32').each([0o400, 0o440, 0o660])(
    'may be shared with a group (%o)',
    (mode) => {
      const secret = keepSecret(folder)
      chmodSync(path, mode)
      expect(keepSecret(folder)).toEqual(secret)
    },
  )
})
