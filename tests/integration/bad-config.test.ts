/**
 * What an operator may set that is wrong, and what they are told: which option it is, and what it may be. The server
 * does not start, and the data folder stays as it was. The numbers are those of the list of bad input.
 */
import { once } from 'node:events'
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { runQuire, spawnServer, type Ended, type Environment } from '../support/quire-process.ts'
import { maySmallDisk, readOnlyDisk } from '../support/small-disk.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const misused = 2
const busy = 75

const secret = 'kJ4vX9sQ2mTz7LcR1pWb8HnY5dGf3AeU'
const adminToken = 'Wq3hT8-vN5pLxR2m'

interface Refused {
  readonly args?: readonly string[]
  readonly environment?: Environment
  readonly says: string
}

/** In a place of its own, where there is no data folder yet unless `environment` names one. */
async function serve({
  args = [],
  environment = {},
}: Omit<Refused, 'says'>): Promise<Ended & { folder: string }> {
  const folder = join(temporaryFolder(), 'data')
  const ended = await runQuire(['serve', ...args], { PORT: '0', QUIRE_DATA: folder, ...environment })
  return { folder, ...ended }
}

/** In words that fit into a line of a log each, hold no secret, and are no stack. */
function expectSentence({ stdout, stderr }: Ended, says: string): void {
  expect(stdout).toBe('')
  expect(stderr).toContain(says)
  expect(stderr).not.toContain('    at ')
  for (const hidden of [secret.slice(1), adminToken.slice(1), 'please-change', 'secretsecret'])
    expect(stderr).not.toContain(hidden)
  for (const line of stderr.split('\n')) expect(line.length).toBeLessThanOrEqual(300)
}

describe('a setting that is wrong', () => {
  it.each<[what: string, refused: Refused]>([
    ['97 an unknown flag', { args: ['--prot', '1'], says: '--prot is not an option; did you mean --port?' }],
    [
      '97 an unknown variable',
      {
        environment: { QUIRE_ORIGIN: 'https://example.com' },
        says: 'QUIRE_ORIGIN is not an option; did you mean QUIRE_ORIGINS?',
      },
    ],
    ['97 a word too many', { args: ['now'], says: '"now" is not an option.' }],
    ['97 a flag without a value', { args: ['--port'], says: '--port needs a value.' }],
    [
      '97 a flag without a value before another',
      { args: ['--data', '--port', '0'], says: '--data needs a value.' },
    ],
    ['97 a flag given twice', { args: ['--port=0', '--port=0'], says: '--port is given twice.' }],
    [
      '97 a choice that is none',
      { args: ['--create', 'nobody'], says: 'QUIRE_CREATE ("nobody") must be anyone or admin.' },
    ],
    [
      '97 neither on nor off',
      { args: ['--open-rooms', 'yes'], says: 'QUIRE_OPEN_ROOMS ("yes") must be on or off.' },
    ],
    [
      '97 a public URL that is none',
      { args: ['--public-url', 'notes'], says: 'QUIRE_PUBLIC_URL ("notes") must be a URL such as' },
    ],
    [
      '97 two mistakes, of which both are told',
      {
        args: ['--port', '-1'],
        environment: { QUIRE_DATUM: 'x' },
        says:
          'QUIRE_DATUM is not an option; did you mean QUIRE_DATA?\n' +
          'PORT ("-1") must be a whole number from 0 to 65535, in digits alone.\n',
      },
    ],
    [
      'an admin nobody can be',
      {
        args: ['--create', 'admin'],
        says: 'QUIRE_CREATE=admin needs QUIRE_ADMIN_TOKEN, or nobody could make a document.',
      },
    ],
    [
      'an admin beside rooms that anyone begins',
      {
        args: ['--open-rooms', 'on', '--create', 'admin'],
        environment: { QUIRE_ADMIN_TOKEN: adminToken },
        says: 'QUIRE_OPEN_ROOMS=on lets anyone begin a room, which QUIRE_CREATE=admin forbids.',
      },
    ],
    ...['-1', '70000', '0x50', ''].map((port): [string, Refused] => [
      `98 port ${JSON.stringify(port)}`,
      {
        args: [`--port=${port}`],
        says: `PORT (${JSON.stringify(port)}) must be a whole number from 0 to 65535, in digits alone.`,
      },
    ]),
    ...[['--secret', secret], [`--secret=${secret}`], [`--admin-token=${adminToken}`]].map(
      (args): [string, Refused] => [
        `99 ${args.join(' ')}`,
        { args, says: 'is not taken from the command line, where others see it: set QUIRE_' },
      ],
    ),
    [
      '99 a secret that is too short',
      {
        environment: { QUIRE_SECRET: secret.slice(1) },
        says: 'QUIRE_SECRET (not shown) must be at least 32 bytes long.',
      },
    ],
    ...['please-change-me-please-change-it', 'secretsecretsecretsecretsecretsecret'].map(
      (placeholder): [string, Refused] => [
        `99 a secret of ${placeholder}`,
        {
          environment: { QUIRE_SECRET: placeholder },
          says: 'QUIRE_SECRET (not shown) must be made by chance, as `openssl rand -base64 48` does, and no placeholder.',
        },
      ],
    ),
    [
      '99 an admin token that is too short',
      {
        args: ['--create=admin'],
        environment: { QUIRE_ADMIN_TOKEN: adminToken.slice(1) },
        says: 'QUIRE_ADMIN_TOKEN (not shown) must be at least 16 bytes long.',
      },
    ],
    [
      'a token that no header can carry',
      {
        environment: { QUIRE_METRICS_TOKEN: `two words ${adminToken}` },
        says: 'QUIRE_METRICS_TOKEN (not shown) must be made of letters, digits and -._~+/ alone, since it travels in a header.',
      },
    ],
    ...['*', 'null', 'https://*.example.com', 'https://a.example, *'].map((origins): [string, Refused] => [
      `101 origins ${JSON.stringify(origins)}`,
      {
        environment: { QUIRE_ORIGINS: origins },
        says: `QUIRE_ORIGINS (${JSON.stringify(origins)}) must list each origin, such as https://write.example, separated by commas`,
      },
    ]),
    ...['-1', '1e99', '10 MB'].map((size): [string, Refused] => [
      `102 a size of ${size}`,
      {
        environment: { QUIRE_MAX_DOCUMENT_MB: size },
        says: `QUIRE_MAX_DOCUMENT_MB ("${size}") must be a whole number from 1 to 4096, in digits alone.`,
      },
    ]),
    [
      '102 days that are none, and a size that is none',
      {
        args: ['--retention-days=90d', '--max-total-mb=10 GB'],
        says:
          'QUIRE_MAX_TOTAL_MB ("10 GB") must be off or a whole number from 1 to 16777216, in digits alone.\n' +
          'QUIRE_RETENTION_DAYS ("90d") must be off or a whole number from 1 to 36500, in digits alone.\n',
      },
    ],
    [
      '102 limits that are negative, nothing, past all measure or no number',
      {
        args: [
          '--max-connections=-1',
          '--max-wrong-keys=0',
          '--max-requests=1e99',
          '--max-new-documents=10k',
        ],
        says: [
          'QUIRE_MAX_CONNECTIONS ("-1")',
          'QUIRE_MAX_WRONG_KEYS ("0")',
          'QUIRE_MAX_REQUESTS ("1e99")',
          'QUIRE_MAX_NEW_DOCUMENTS ("10k")',
        ]
          .map((given) => `${given} must be a whole number from 1 to 1000000000, in digits alone.\n`)
          .join(''),
      },
    ],
  ])('%s', async (_, { says, ...set }) => {
    const { folder, ...ended } = await serve(set)
    expect(ended.code).toBe(misused)
    expectSentence(ended, says)
    expect(existsSync(folder)).toBe(false)
  })

  it('98 an address of another machine', async () => {
    const ended = await serve({ args: ['--host', '192.0.2.1'] })
    expect(ended.code).toBe(misused)
    expectSentence(ended, '192.0.2.1 is not an address of this machine. Choose another with --host or HOST.')
  })
})

describe('a data folder', () => {
  it('100 is made if it is not there, with the folders it lies in, for its owner only', async () => {
    const outer = join(temporaryFolder(), 'some')
    const folder = join(outer, 'where')
    await spawnServer(folder)
    expect(readdirSync(folder)).toEqual(expect.arrayContaining(['quire.db', 'secret']))
    for (const path of [outer, folder, join(folder, 'secret'), join(folder, 'quire.db')])
      expect(statSync(path).mode & 0o077).toBe(0)
  })

  const expectRefused = async (folder: string, says: string): Promise<void> => {
    const ended = await serve({ environment: { QUIRE_DATA: folder } })
    expect(ended.code).toBe(misused)
    expectSentence(
      ended,
      `The data folder ${folder} cannot be used: ${says}.\nName another with --data or QUIRE_DATA, or mend this one.`,
    )
  }

  it('100 that is a file', async () => {
    const file = join(temporaryFolder(), 'notes')
    writeFileSync(file, 'mine')
    await expectRefused(file, `${file} is no folder`)
    expect(readFileSync(file, 'utf8')).toBe('mine')
  })

  it('100 under a file', async () => {
    const file = join(temporaryFolder(), 'notes')
    writeFileSync(file, 'mine')
    await expectRefused(join(file, 'some', 'where'), `${file} is no folder`)
    expect(readFileSync(file, 'utf8')).toBe('mine')
  })

  it.skipIf(!existsSync('/proc'))('100 where none can be made', async () => {
    await expectRefused('/proc/quire/data', '/proc/quire cannot be made there')
  })

  it.skipIf(!maySmallDisk())('100 on a disk that may only be read', async () => {
    const disk = readOnlyDisk()
    const [there, missing] = [join(disk, 'data'), join(disk, 'other')]
    await expectRefused(there, `${there} is on a disk that may only be read`)
    await expectRefused(missing, `${missing} is on a disk that may only be read`)
    expect(readdirSync(there)).toEqual([])
  })

  it.each([['quire.db'], ['quire.lock']])('that holds a %s of another program', async (name) => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, name), 'not a database, and long enough to have a header of its own')
    const ended = await serve({ environment: { QUIRE_DATA: folder } })
    expect(ended.code).toBe(misused)
    expectSentence(ended, 'not a database')
    expect(readFileSync(join(folder, name), 'utf8')).toMatch(/^not a database/)
  })
})

describe('a secret in the data folder', () => {
  it.each<[what: string, content: string, mode: number, says: (path: string) => string]>([
    [
      '99 that is cut short',
      secret.slice(1),
      0o600,
      (path) => `what ${path} holds must be at least 32 bytes long: put back the right one, or remove it`,
    ],
    [
      '99 that is a placeholder',
      'please-change-me-please-change-it',
      0o600,
      (path) => `what ${path} holds must be made by chance`,
    ],
    [
      '99 that everyone may read',
      secret,
      0o644,
      (path) => `everyone on this machine may open ${path}: chmod 600 it, or remove it`,
    ],
  ])('%s', async (_, content, mode, says) => {
    const folder = temporaryFolder()
    const path = join(folder, 'secret')
    writeFileSync(path, content)
    chmodSync(path, mode)
    const ended = await serve({ environment: { QUIRE_DATA: folder } })
    expect(ended.code).toBe(misused)
    expectSentence(ended, `The data folder ${folder} cannot be used: ${says(path)}`)
    expect(readFileSync(path, 'utf8')).toBe(content)
  })
})

describe('what another process has for now', () => {
  it('98 a port', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    onTestFinished(() => void other.close())
    await once(other, 'listening')
    const address = other.address()
    const port = String(typeof address === 'object' && address ? address.port : 0)
    const ended = await serve({ args: ['--port', port] })
    expect(ended.code).toBe(busy)
    expectSentence(ended, `Port ${port} is taken. Choose another with --port or PORT.`)
  })

  it('105 a data folder: the second server goes, and the first is not disturbed', async () => {
    const folder = temporaryFolder()
    const first = await spawnServer(folder)
    const ended = await serve({ environment: { QUIRE_DATA: folder } })
    expect(ended.code).toBe(busy)
    expectSentence(ended, `The data folder ${folder} cannot be used: another server is using it.`)
    expect((await fetch(`${first.url}/readyz`)).status).toBe(200)
    await first.kill('SIGKILL')
    await first.restart()
  })

  it('105 a data folder, but from under the first its lock was removed: the first goes', async () => {
    const folder = temporaryFolder()
    const first = await spawnServer(folder)
    rmSync(join(folder, 'quire.lock'))
    const { code, stderr } = await first.ended
    expect(code).toBe(1)
    expect(stderr).toContain('another server may use this folder, so this one ends')
    await first.restart()
  })
})

describe('a setting that is right', () => {
  it('98 port 0 is any that is free', async () => {
    const { url } = await spawnServer(temporaryFolder(), { PORT: '0' })
    expect(Number(new URL(url).port)).toBeGreaterThan(0)
  })
})

describe('two settings of one option', () => {
  it('104 of a flag and a variable the flag counts: there is no file that could say otherwise', async () => {
    const [named, unnamed] = [join(temporaryFolder(), 'flag'), join(temporaryFolder(), 'variable')]
    const flags = ['--data', named, '--host=127.0.0.1', '--port', '0', '--max-requests=5']
    const variables = {
      QUIRE_DATA: unnamed,
      HOST: 'nowhere.invalid',
      PORT: '70000',
      QUIRE_MAX_REQUESTS: 'many',
    }
    await spawnServer(unnamed, variables, flags)
    expect(readdirSync(named)).toContain('quire.db')
    expect(existsSync(unnamed)).toBe(false)
  })
})
