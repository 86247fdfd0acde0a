import { describe, expect, it } from 'vitest'
import { ConfigError, describeOptions, readConfig } from './config.ts'

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
      /QUIRE_FRAME_ANCESTORS.*no origin such as/,
    )
  })

  it('reads proxies as networks', () => {
    expect(readConfig(['--trust-proxy', '127.0.0.1, fd00::/8'], {}).QUIRE_TRUST_PROXY).toEqual([
      { address: '127.0.0.1', prefix: 32, family: 'ipv4' },
      { address: 'fd00::', prefix: 8, family: 'ipv6' },
    ])
  })

  it.each<[string, string[], Record<string, string>, RegExp]>([
    ['an unknown flag', ['--prot', '80'], {}, /--prot is not an option; did you mean --port\?/],
    ['an unknown flag like no other', ['--frobnicate', '1'], {}, /^--frobnicate is not an option\.$/],
    ['a stray word', ['now'], {}, /"now" is not an option/],
    ['a flag without a value', ['--port'], {}, /--port needs a value/],
    ['a secret among the flags', ['--secret', 'x'.repeat(32)], {}, /--secret is not an option/],
    [
      'an unknown variable',
      [],
      { QUIRE_OPEN_ROOM: 'on' },
      /QUIRE_OPEN_ROOM is not.*did you mean QUIRE_OPEN_ROOMS\?/,
    ],
    ['a port that is none', ['--port', '70000'], {}, /PORT \("70000"\)/],
    ['a negative port', ['--port=-1'], {}, /PORT \("-1"\)/],
    ['a port in words', [], { PORT: 'http' }, /PORT \("http"\)/],
    ['a short secret', [], { QUIRE_SECRET: 'swordfish' }, /QUIRE_SECRET \(not shown\).*at least 32 bytes/],
    ['a choice that is none', [], { QUIRE_CREATE: 'nobody' }, /QUIRE_CREATE/],
    ['an origin that is none', [], { QUIRE_ORIGINS: '*' }, /QUIRE_ORIGINS/],
    ['a URL that is none', [], { QUIRE_PUBLIC_URL: 'write.example' }, /QUIRE_PUBLIC_URL/],
    ['keys at no URL', [], { QUIRE_JWKS_URL: 'app.example/keys' }, /QUIRE_JWKS_URL/],
    ['keys in a file', ['--jwks-url', 'file:///etc/keys.json'], {}, /QUIRE_JWKS_URL/],
    ['keys behind a password', [], { QUIRE_JWKS_URL: 'https://a:b@app.example/' }, /no user and password/],
    ['a size that is none', [], { QUIRE_MAX_DOCUMENT_MB: '10 MB' }, /QUIRE_MAX_DOCUMENT_MB \("10 MB"\)/],
    [
      'a proxy by name',
      [],
      { QUIRE_TRUST_PROXY: 'localhost' },
      /QUIRE_TRUST_PROXY.*"localhost" is no address/,
    ],
    ['a network that is none', [], { QUIRE_TRUST_PROXY: '10.0.0.0/33' }, /"10.0.0.0\/33" is no address/],
    ['a limit of nothing', ['--max-wrong-keys=0'], {}, /QUIRE_MAX_WRONG_KEYS/],
    ['a negative limit', ['--max-connections=-1'], {}, /QUIRE_MAX_CONNECTIONS/],
    ['half a document', ['--max-new-documents=0.5'], {}, /QUIRE_MAX_NEW_DOCUMENTS/],
    ['a limit past all measure', [], { QUIRE_MAX_REQUESTS: '1e99' }, /QUIRE_MAX_REQUESTS/],
    ['a size of nothing', ['--max-document-mb=0'], {}, /QUIRE_MAX_DOCUMENT_MB/],
    ['a size past all measure', [], { QUIRE_MAX_DOCUMENT_MB: '1e99' }, /QUIRE_MAX_DOCUMENT_MB/],
    ['an admin without a token', [], { QUIRE_CREATE: 'admin' }, /needs QUIRE_ADMIN_TOKEN/],
  ])('refuses %s and says what is wrong', (_, flags, environment, message) => {
    expect(() => readConfig(flags, environment)).toThrow(ConfigError)
    expect(() => readConfig(flags, environment)).toThrow(message)
  })

  it('tells of all mistakes at once, and never what a secret was', () => {
    const mistakes = (): unknown => readConfig([], { PORT: 'x', QUIRE_SECRET: 'swordfish', QUIRE_FOO: '1' })
    expect(mistakes).toThrow(/QUIRE_FOO[^]*PORT[^]*QUIRE_SECRET/)
    expect(mistakes).not.toThrow(/swordfish/)
  })

  it('describes every option', () => {
    expect(describeOptions().split('\n')).toHaveLength(18)
  })
})
