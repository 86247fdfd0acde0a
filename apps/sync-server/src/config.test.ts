import { describe, expect, it } from 'vitest'
import { ConfigError, describeOptions, optionDescriptions, readConfig } from './config.ts'

describe('the configuration', () => {
  it('has a default for everything', () => {
    expect(readConfig([], {})).toEqual({
      HOST: '127.0.0.1',
      PORT: 1234,
      QUIRE_DATA: './data',
      QUIRE_FRAME_ANCESTORS: [],
      QUIRE_CREATE: 'anyone',
      QUIRE_OPEN_ROOMS: false,
      QUIRE_TRUST_PROXY: [],
      QUIRE_MAX_CONNECTIONS: 4000,
      QUIRE_MAX_WRONG_KEYS: 100,
      QUIRE_MAX_REQUESTS: 6000,
      QUIRE_MAX_NEW_DOCUMENTS: 100,
      QUIRE_MAX_DOCUMENT_MB: 64,
      QUIRE_MAX_TOTAL_MB: 'off',
      QUIRE_RETENTION_DAYS: 'off',
    })
  })

  it('is read from the environment, and flags come before it', () => {
    const environment = { PORT: '4000', QUIRE_DATA: '/srv/quire', QUIRE_OPEN_ROOMS: 'on' }
    const config = readConfig(['--port', '5000', '--open-rooms=off'], environment)
    expect(config).toMatchObject({ PORT: 5000, QUIRE_DATA: '/srv/quire', QUIRE_OPEN_ROOMS: false })
  })

  it('takes an empty variable as one that is not set', () => {
    expect(readConfig([], { PORT: '', QUIRE_PUBLIC_URL: '' }).PORT).toBe(1234)
  })

  it('reads origins and URLs into one form', () => {
    const config = readConfig([], {
      QUIRE_PUBLIC_URL: 'https://write.example/',
      QUIRE_ORIGINS: 'https://a.example/, http://b.example:8080',
    })
    expect(config.QUIRE_PUBLIC_URL).toBe('https://write.example')
    expect(config.QUIRE_ORIGINS).toEqual(['https://a.example', 'http://b.example:8080'])
  })

  it.each<[string, number | 'off']>([
    ['off', 'off'],
    ['1', 1],
    ['36500', 36_500],
  ])('keeps what nobody opens for %s days', (given, days) => {
    expect(readConfig(['--retention-days', given], {}).QUIRE_RETENTION_DAYS).toBe(days)
  })

  it.each(['0', '36501', '-1', '1.5', '90d', '1e2', 'never', 'on', 'OFF', ' 90', '09'])(
    'deletes nothing after %j days',
    (days) => {
      expect(() => readConfig([], { QUIRE_RETENTION_DAYS: days })).toThrow(
        `QUIRE_RETENTION_DAYS (${JSON.stringify(days)}) must be off or a whole number from 1 to 36500, in digits alone.`,
      )
    },
  )

  it.each(['0', '16777217', '-1', '10 GB', '1e9', 'none'])(
    'takes %j for no size of all documents',
    (size) => {
      expect(() => readConfig([`--max-total-mb=${size}`], {})).toThrow(
        `QUIRE_MAX_TOTAL_MB (${JSON.stringify(size)}) must be off or a whole number from 1 to 16777216, in digits alone.`,
      )
    },
  )

  it.each<[string, string[]]>([
    ['none', []],
    ['https://app.example', ['https://app.example']],
    ['https://App.example:443, http://localhost:3000', ['https://app.example', 'http://localhost:3000']],
  ])('lets %s frame its pages', (ancestors, origins) => {
    expect(readConfig(['--frame-ancestors', ancestors], {}).QUIRE_FRAME_ANCESTORS).toEqual(origins)
  })

  it.each([
    '*',
    'https://*.app.example',
    'https:',
    'app.example',
    "'self'",
    "https://app.example; script-src 'unsafe-inline'",
    'https://app.example https://other.example',
    'https://app.example/',
    'https://app.example/editor',
    'https://app.example?',
    'https://ada@app.example',
    'https://app.example:',
    'https://app.example:65536',
    'https://my_app.example',
    'ftp://app.example',
    'https://app.example,',
    'https://app.example,none',
  ])('lets nobody frame its pages who is called %s', (ancestors) => {
    expect(() => readConfig([], { QUIRE_FRAME_ANCESTORS: ancestors })).toThrow(
      /QUIRE_FRAME_ANCESTORS.*must be none, or list origins such as/,
    )
  })

  it('reads proxies as networks', () => {
    expect(readConfig(['--trust-proxy', '127.0.0.1, fd00::/8'], {}).QUIRE_TRUST_PROXY).toEqual([
      { address: '127.0.0.1', prefix: 32, family: 'ipv4' },
      { address: 'fd00::', prefix: 8, family: 'ipv6' },
    ])
  })

  it.each(['007', '+5', ' 5', '5 ', '5.0', '0x10', '1e3', '1e99', '5_000', '٥', '9'.repeat(400)])(
    'takes no number that is written otherwise than in digits alone: %j',
    (given) => {
      expect(() => readConfig([`--max-requests=${given}`], {})).toThrow(
        'must be a whole number from 1 to 1000000000, in digits alone.',
      )
    },
  )

  it.each<[name: string, flag: string, least: number, most: number]>([
    ['PORT', '--port', 0, 65_535],
    ['QUIRE_MAX_CONNECTIONS', '--max-connections', 1, 1_000_000_000],
    ['QUIRE_MAX_WRONG_KEYS', '--max-wrong-keys', 1, 1_000_000_000],
    ['QUIRE_MAX_REQUESTS', '--max-requests', 1, 1_000_000_000],
    ['QUIRE_MAX_NEW_DOCUMENTS', '--max-new-documents', 1, 1_000_000_000],
    ['QUIRE_MAX_DOCUMENT_MB', '--max-document-mb', 1, 4096],
  ])('takes %s at its bounds, and not past them', (name, flag, least, most) => {
    for (const given of [least, most])
      expect(readConfig([`${flag}=${given}`], {})).toMatchObject({ [name]: given })
    for (const given of [least - 1, most + 1])
      expect(() => readConfig([`${flag}=${given}`], {})).toThrow(
        `${name} ("${given}") must be a whole number from ${least} to ${most}, in digits alone.`,
      )
  })

  it.each<[string, string[], Record<string, string>, RegExp]>([
    ['an unknown flag like no other', ['--frobnicate', '1'], {}, /^--frobnicate is not an option\.$/],
    ['a flag that is followed by another', ['--data', '--port', '5'], {}, /^--data needs a value\.$/],
    ['a flag given twice', ['--port=1', '--port=2'], {}, /^--port is given twice\.$/],
    ['a flag given nothing', ['--data='], {}, /QUIRE_DATA \(""\) must not be empty/],
    ['a path where there should be an origin', [], { QUIRE_ORIGINS: 'https://a.example/b' }, /each origin/],
    ['a comma too many', [], { QUIRE_ORIGINS: 'https://a.example,' }, /each origin.*"" is none/],
    ['a public URL that would not end', [], { QUIRE_PUBLIC_URL: 'https://a.example/?b' }, /no user, query/],
    ['keys at no URL', [], { QUIRE_JWKS_URL: 'app.example/keys' }, /QUIRE_JWKS_URL/],
    ['keys in a file', ['--jwks-url', 'file:///etc/keys.json'], {}, /QUIRE_JWKS_URL/],
    ['a network that is none', [], { QUIRE_TRUST_PROXY: '::1, 10.0.0.0/33' }, /"10.0.0.0\/33" is none/],
    ['a certificate without a key', ['--tls-cert', 'cert.pem'], {}, /go together: set both, or neither/],
    ['a key without a certificate', [], { QUIRE_TLS_KEY: 'key.pem' }, /go together: set both, or neither/],
  ])('refuses %s and says what is wrong', (_, flags, environment, message) => {
    expect(() => readConfig(flags, environment)).toThrow(ConfigError)
    expect(() => readConfig(flags, environment)).toThrow(message)
  })

  it('repeats of what is wrong neither a password nor all of a long text', () => {
    expect(() => readConfig([], { QUIRE_JWKS_URL: 'https://ada:swordfish@a.example/' })).toThrow(
      'QUIRE_JWKS_URL ("https://…@a.example/") must be a URL such as https://app.example/keys.json, with no user and password.',
    )
    for (const flags of [[`--port=${'9'.repeat(9999)}`], [`--${'x'.repeat(9999)}`], ['x'.repeat(9999)]])
      expect(() => readConfig(flags, {})).toThrow(/^.{1,200}$/)
  })

  it('tells of all mistakes at once, and never what a secret was', () => {
    const mistakes = (): unknown => readConfig([], { PORT: 'x', QUIRE_SECRET: 'swordfish', QUIRE_FOO: '1' })
    expect(mistakes).toThrow(/QUIRE_FOO[^]*PORT[^]*QUIRE_SECRET/)
    expect(mistakes).not.toThrow(/swordfish/)
  })

  it('is described with every default', () => {
    const lines = describeOptions().split('\n')
    expect(lines).toHaveLength(optionDescriptions.length)
    expect(lines[1]).toMatch(/^ {2}--port +PORT +port to listen on; .* \(default: 1234\)$/)
  })
})
