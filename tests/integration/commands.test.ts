/** The operator's commands as a person or a script runs them, beside a running server and without one. */
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { open } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join as path } from 'node:path'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import {
  inherited,
  launchQuire,
  makeDataFolder,
  runServer,
  type ServerProcess,
} from '../../scripts/run-server.ts'
import { quireVersion } from '../../apps/sync-server/src/version.ts'
import { openssl } from '../support/certificates.ts'
import { createDocument, keyOf } from '../support/documents.ts'
import { runQuire, spawnServer, type Ended } from '../support/quire-process.ts'
import { quireSubprotocols, RawSocket } from '../support/raw-socket.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const main = fileURLToPath(new URL('../../apps/sync-server/src/main.ts', import.meta.url))
const codes = { failed: 1, misused: 2, unknown: 4, busy: 75 }
const publicUrl = 'https://write.example'
/** As a user who has no right to anything: root alone can become that, and only if others may use this Node. */
const asAnother = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] as const
const canBeAnother = spawnSync(asAnother[0], [...asAnother.slice(1), 'node', main, 'version']).status === 0

interface Made {
  readonly id: string
  readonly links: { readonly own: string; readonly edit: string; readonly view: string }
}

/** What it printed, of a command that went well. */
async function said(data: string, args: readonly string[], input?: string): Promise<string> {
  const { code, stdout, stderr } = await runQuire(args, { QUIRE_DATA: data }, { input })
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return stdout
}

async function json<Answer>(data: string, args: readonly string[], input?: string): Promise<Answer> {
  return JSON.parse(await said(data, [...args, '--json'], input)) as Answer // compared with what it should be
}

function expectSentence({ stdout, stderr }: Ended, words: string): void {
  expect(stdout).toBe('')
  expect(stderr).toContain(words)
  expect(stderr).not.toContain('    at ')
}

/** Either way it asks the same of the same API: where none runs, what differs and what is long is enough. */
describe.each(['beside a running server', 'where none runs'])('a command %s', (where) => {
  const isServed = where.startsWith('beside')
  const data = makeDataFolder()
  const files = mkdtempSync(path(tmpdir(), 'quire-files-'))
  let server: ServerProcess | undefined
  let made: Made

  beforeAll(async () => {
    const environment = { QUIRE_DATA: data.path, QUIRE_PUBLIC_URL: publicUrl }
    if (isServed) server = await runServer(environment)
    made = await json(data.path, ['new', '--title', 'Notes', '--public-url', publicUrl, '-'], 'abc\r\ndef')
  })
  afterAll(async () => {
    await server?.stop()
    data.remove()
    rmSync(files, { recursive: true })
  })

  it('makes a document from what it is given, and prints its links', async () => {
    for (const link of Object.values(made.links)) expect(link).toMatch(`${publicUrl}/d/${made.id}#`)
    // Any link to it will do.
    expect(await said(data.path, ['text', made.links.view])).toBe('abc\ndef')
  })

  it.runIf(isServed)('prints what a document says to the letter, a mark of the byte order too', async () => {
    const marked = '\uFEFFtitre'
    const { id } = await createDocument(server?.url ?? '', { text: marked })
    expect(await said(data.path, ['text', id])).toBe(marked)
    await said(data.path, ['delete', '--yes', id])
  })

  it.runIf(isServed)('imports files and folders, and tells of what is no text', async () => {
    mkdirSync(path(files, 'notes'))
    writeFileSync(path(files, 'notes', 'a.md'), '# A')
    writeFileSync(path(files, 'notes', 'bad.md'), Buffer.from([0xff, 0x00, 0x12]))
    writeFileSync(path(files, 'notes', 'b.txt'), Buffer.from('\uFEFFb', 'utf16le'))
    writeFileSync(path(files, 'notes', 'picture.png'), '')
    const { code, stdout, stderr } = await runQuire(
      ['import', path(files, 'notes'), path(files, 'missing.md'), '--json', '--public-url', publicUrl],
      { QUIRE_DATA: data.path },
    )
    expect({ code, stderr }).toEqual({ code: codes.failed, stderr: '' })
    const { imported, passedOver, failures } = JSON.parse(stdout) as {
      imported: (Made & { file: string })[]
      passedOver: number
      failures: { of: string; message: string }[]
    } // compared below
    expect(imported.map(({ file }) => file)).toEqual(
      ['a.md', 'b.txt'].map((name) => path(files, 'notes', name)),
    )
    expect(passedOver).toBe(1)
    expect(failures.map(({ of, message }) => `${of}: ${message}`)).toEqual([
      `${path(files, 'notes', 'bad.md')}: is no text in UTF-8 or UTF-16.`,
      `${path(files, 'missing.md')}: is not there.`,
    ])
  })

  it('lists documents for people and for programs', async () => {
    const table = await said(data.path, ['list', '--sort', 'title'])
    const titles = table.split('\n').map((line) => line.split('  ').at(-1))
    expect(titles).toEqual(['TITLE', ...(isServed ? ['a', 'b'] : []), 'Notes', ''])
    const { documents } = await json<{ documents: { title: string }[] }>(data.path, [
      'list',
      '--limit',
      '1',
      '--sort=size',
    ])
    expect(documents).toEqual([
      expect.objectContaining({ id: made.id, title: 'Notes', entries: 1, links: 3 }),
    ])
  })

  it.runIf(isServed)('shows a document', async () => {
    const shown = await said(data.path, ['show', made.id])
    for (const words of ['Notes', made.id, 'open now  nobody', 'Links', 'edit'])
      expect(shown).toContain(words)
    expect(shown).not.toContain(keyOf(made.links.own))
  })

  it.runIf(isServed)('makes, lists and revokes links', async () => {
    const line = `link ${made.id} --role view --label Press --expires 7d --max-uses 3 --public-url ${publicUrl}`
    const link = await json<{ id: string; url: string }>(data.path, line.split(' '))
    expect(link).toMatchObject({
      label: 'Press',
      maxUses: 3,
      operator: true,
      url: expect.stringContaining(publicUrl),
    })
    expect(await said(data.path, ['link', made.id, '--list'])).toContain('0 of 3  operator  Press')
    await said(data.path, ['link', made.id, '--revoke', link.id])
    const again = await runQuire(['link', made.id, '--revoke', link.id], { QUIRE_DATA: data.path })
    expect(again.code).toBe(codes.unknown)
    expectSentence(again, 'There is no such link any more.')
  })

  it('replaces the owner’s link, if somebody says that they want it', async () => {
    const args = ['link', made.id, '--role', 'own']
    const asked = await runQuire(args, { QUIRE_DATA: data.path })
    expect(asked.code).toBe(codes.misused)
    expectSentence(asked, 'say --yes')
    const { links } = await json<{ links: { role: string; url: string }[] }>(data.path, [...args, '--yes'])
    expect(links.map(({ role }) => role).toSorted()).toEqual(['edit', 'own', 'view'])
  })

  it('signs tokens', async () => {
    const token = await json<{ url: string }>(data.path, [
      'token',
      'a-new-one',
      '--sub',
      'ada',
      '--public-url',
      publicUrl,
    ])
    expect(token.url).toMatch(`${publicUrl}/d/a-new-one#token=`)
  })

  it('exports one document or all of them', async () => {
    const one = path(files, 'one.md')
    await said(data.path, ['export', made.id, one])
    expect(readFileSync(one, 'utf8')).toBe('abc\ndef')
    expect(statSync(one).mode & 0o777).toBe(0o600)
    const all = path(files, 'all.zip')
    const { documents } = await json<{ documents: { file: string; id: string }[] }>(data.path, [
      'export',
      '--all',
      all,
    ])
    expect(documents.map(({ file }) => file)).toContain(`Notes-${made.id}.md`)
    const zip = readFileSync(all)
    for (const words of ['PK', `Notes-${made.id}.md`, 'abc\ndef', 'manifest.json'])
      expect(zip.includes(words)).toBe(true)
    expect(readdirSync(files).filter((name) => name.endsWith('.part'))).toEqual([])
  })

  it('disconnects whoever is in a document, and tells of one that is not there', async () => {
    expect(await said(data.path, ['disconnect', made.id])).toBe('ended 0 connections\n')
    expect((await runQuire(['disconnect', 'none'], { QUIRE_DATA: data.path })).code).toBe(codes.unknown)
  })

  it('compacts what there is to compact', async () => {
    const { documents } = await json<{ documents: { id: string; entriesJoined: number }[] }>(data.path, [
      'compact',
      '--all',
    ])
    expect(documents).toHaveLength(isServed ? 3 : 1)
    expect(documents).toContainEqual(expect.objectContaining({ id: made.id, entriesJoined: 1 }))
  })

  it('counts what there is', async () => {
    const stats = await json<{ documents: number; server: object | null; disk: { folder: string } }>(
      data.path,
      ['stats'],
    )
    expect(stats).toMatchObject({ documents: isServed ? 3 : 1, disk: { folder: data.path } })
    expect(stats.server).toEqual(server ? expect.objectContaining({ pid: server.pid, publicUrl }) : null)
  })

  it('finds nothing wrong', async () => {
    const { code, stdout } = await runQuire(['doctor', '--port', '0'], { QUIRE_DATA: data.path })
    expect(stdout).not.toContain('fail')
    expect(code).toBe(0)
    expect(stdout).toContain(
      server ? `process ${server.pid} at ${server.url}` : 'none is running on this folder',
    )
  })

  it('deletes documents, all or none, and only if somebody says so', async () => {
    const refused = await runQuire(['delete', made.id], { QUIRE_DATA: data.path })
    expect(refused.code).toBe(codes.misused)
    expectSentence(refused, 'say --yes')
    const unknown = await runQuire(['delete', '--yes', made.id, 'none', '--json'], { QUIRE_DATA: data.path })
    expect(unknown.code).toBe(codes.unknown)
    expect(JSON.parse(unknown.stderr)).toEqual({
      error: { code: 'document-unknown', message: 'There is no such document.' },
    })
    expect(await said(data.path, ['delete', '--yes', made.id])).toBe(`deleted ${made.id}\n`)
  })
})

it('exports what has no text as the whole that it is, and says so', async () => {
  const data = temporaryFolder()
  const { id } = await json<Made>(data, ['new', '--title', 'Drawing'])
  const out = (name: string): string => path(data, name)
  const single = await runQuire(['export', id, out('one.md')], { QUIRE_DATA: data })
  const zipped = await runQuire(['export', '--all', out('all.zip')], { QUIRE_DATA: data })
  for (const { code, stderr } of [single, zipped])
    expect([code, stderr]).toEqual([0, expect.stringContaining('With --format update all is exported')])
  await said(data, ['export', id, out('one.yjs'), '--format', 'update'])
  const whole = readFileSync(out('one.yjs'))
  expect(whole.length).toBeGreaterThan(0)
  await said(data, ['export', '--all', out('wholes.zip'), '--format', 'update'])
  const zip = readFileSync(out('wholes.zip'))
  expect([zip.includes(whole), zip.includes(`Drawing-${id}.yjs`)]).toEqual([true, true])
})

describe('a command that would delete', () => {
  const hasScript = existsSync('/usr/bin/script')

  /** In a terminal of its own, at which somebody types. */
  async function inTerminal(args: readonly string[], data: string, typed: string): Promise<Ended> {
    const line = ['node', main, ...args].join(' ')
    const child = spawn('/usr/bin/script', ['-qec', line, '/dev/null'], {
      env: { ...inherited(), QUIRE_DATA: data },
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    child.stdin.write(typed)
    const [stdout, stderr, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'exit'),
    ])
    return { code: Number(code), stdout, stderr }
  }

  it.skipIf(!hasScript)('asks somebody at a terminal, and takes anything but yes for no', async () => {
    const data = temporaryFolder()
    const { id } = await json<Made>(data, ['new', '--title', 'Notes'])
    const no = await inTerminal(['delete', id], data, '\r')
    expect(no.stdout).toContain('Delete 1 document for good? [y/N]')
    expect(no.stdout).toContain('Nothing is deleted.')
    expect(no.code).toBe(codes.failed)
    const yes = await inTerminal(['delete', id], data, 'y\r')
    expect(yes.stdout).toContain(`deleted ${id}`)
    expect(yes.code).toBe(0)
  })
})

describe('an import that is interrupted', () => {
  it.skipIf(process.platform === 'win32')(
    'stops after the file at hand, and prints the links of what it has made',
    async () => {
      const data = temporaryFolder()
      const files = temporaryFolder()
      const [first, slow, last] = ['a.md', 'slow', 'z.md'].map((name) => path(files, name))
      if (!first || !slow || !last) throw new Error('there are three')
      for (const file of [first, last]) writeFileSync(file, 'text')
      execFileSync('mkfifo', [slow])
      const child = launchQuire(['import', first, slow, last, '--json'], { QUIRE_DATA: data })
      const ended = Promise.all([text(child.stdout ?? Readable.from([])), once(child, 'exit')])
      // Opened once it is read, which is after the first file.
      const writer = await open(slow, 'w')
      child.kill('SIGINT')
      await writer.writeFile('text')
      await writer.close()
      const [stdout, [code]] = await ended
      const { imported, failures } = JSON.parse(stdout) as { imported: Made[]; failures: { code: string }[] } // compared
      expect(imported).toHaveLength(2)
      expect(failures).toEqual([expect.objectContaining({ code: 'interrupted' })])
      expect(code).toBe(codes.failed)
    },
  )
})

describe('the socket of a server', () => {
  it('is its owner’s alone, and gone when the server is', async () => {
    const data = temporaryFolder()
    chmodSync(data, 0o755)
    const server = await spawnServer(data)
    expect(statSync(path(data, 'quire.sock')).mode & 0o777).toBe(0o600)
    await server.kill('SIGTERM')
    expect(existsSync(path(data, 'quire.sock'))).toBe(false)
  })

  it('that was left by a server that was killed hinders neither commands nor the next server', async () => {
    const data = temporaryFolder()
    const server = await spawnServer(data)
    await server.kill('SIGKILL')
    expect(existsSync(path(data, 'quire.sock'))).toBe(true)
    expect(await json(data, ['stats'])).toMatchObject({ server: null })
    await server.restart()
    expect(await json(data, ['stats'])).toMatchObject({ server: { url: server.url } })
  })

  it('is reached in a folder whose path is longer than that of a socket may be', async () => {
    const data = path(temporaryFolder(), 'x'.repeat(100), 'y'.repeat(100))
    const server = await spawnServer(data)
    expect(await json(data, ['stats'])).toMatchObject({ server: { url: server.url } })
    expect((await server.kill('SIGTERM')).stderr).not.toContain('quire.sock')
    expect(existsSync(path(data, 'quire.sock'))).toBe(false)
  })

  it('takes a document from under those who are in it', async () => {
    const data = temporaryFolder()
    const server = await spawnServer(data)
    const { id, links } = await json<Made>(data, ['new'])
    const socket = await RawSocket.open(`${server.syncUrl}/${id}`, quireSubprotocols(keyOf(links.edit)))
    await socket.greet()
    expect(await said(data, ['show', id])).toContain('(edit)')
    await said(data, ['delete', '--yes', id])
    expect(await socket.closed).toMatchObject({ code: 4404 })
  })
})

describe('a command that cannot be', () => {
  it.each<[what: string, args: string[], code: number, words: string]>([
    ['100 in a folder without documents', ['list'], codes.misused, 'There are no documents in'],
    [
      '97 of a flag that is another command’s',
      ['list', '--title', 'x'],
      codes.misused,
      '--title is not an option of list.',
    ],
    [
      '97 sorted by what there is not',
      ['list', '--sort=name'],
      codes.misused,
      '--sort ("name") must be one of changed,',
    ],
    [
      '97 of two things at once',
      ['link', 'a', '--list', '--role=view'],
      codes.misused,
      'Say one of --role, --list and --revoke.',
    ],
    ['97 of neither all nor some', ['compact'], codes.misused, 'Which documents? Name them, or say --all.'],
    ['over a file that is there', ['export', 'a', main], codes.misused, `There is a file ${main} already.`],
    ['97 to where nobody said', ['export', 'a'], codes.misused, 'Which target?'],
    [
      'a document from a file that is not there',
      ['new', 'nowhere.md'],
      codes.misused,
      'nowhere.md: is not there.',
    ],
    ['a document from a folder', ['new', '/'], codes.misused, '/: is a folder.'],
  ])('%s', async (_, args, code, words) => {
    const data = path(temporaryFolder(), 'data')
    const ended = await runQuire(args, { QUIRE_DATA: data })
    expect(ended.code).toBe(code)
    expectSentence(ended, words)
    expect(existsSync(data)).toBe(false)
  })

  it('106 on a database of another program', async () => {
    const data = temporaryFolder()
    writeFileSync(path(data, 'quire.db'), 'not a database, and long enough to have a header of its own')
    const ended = await runQuire(['list'], { QUIRE_DATA: data })
    expect(ended.code).toBe(codes.misused)
    expectSentence(ended, 'not a database')
  })

  it('106 on a folder in which a restore was interrupted', async () => {
    const data = temporaryFolder()
    writeFileSync(path(data, 'quire.db.before-restore-2026-11-28T05-00-00Z'), 'x')
    for (const command of ['serve', 'list']) {
      const ended = await runQuire([command], { QUIRE_DATA: data, ...(command === 'serve' && { PORT: '0' }) })
      expect(ended.code).toBe(codes.misused)
      expectSentence(ended, 'a restore was interrupted: run `quire restore` again')
    }
    const examined = await runQuire(['doctor', '--port=0'], { QUIRE_DATA: data })
    expect(examined.stdout).toMatch(/^fail {2}database .*a restore was interrupted/m)
    expect(existsSync(path(data, 'quire.db'))).toBe(false)
  })

  it('105 on a folder that another process has and does not answer for', async () => {
    const data = temporaryFolder()
    const server = await spawnServer(data)
    rmSync(path(data, 'quire.sock'))
    const ended = await runQuire(['list'], { QUIRE_DATA: data })
    expect(ended.code).toBe(codes.busy)
    expectSentence(ended, `Another process has the data folder ${data} and does not answer`)
    expect((await server.kill('SIGTERM')).code).toBe(0)
  })

  it.skipIf(!canBeAnother).each<string[]>([
    ['list', '--json'],
    ['doctor', '--json'],
    ['backup', 'copy', '--json'],
  ])('on a folder of somebody else: %s', async (...args) => {
    const data = temporaryFolder()
    await spawnServer(data)
    const ended = await runQuire(args, { QUIRE_DATA: data }, { command: [...asAnother, 'node', main] })
    expect(ended.code).toBe(codes.misused)
    expect(JSON.parse(ended.stderr)).toEqual({
      error: { code: 'misused', message: expect.stringMatching(/^This user may not /) },
    })
  })

  it.each<[string[], string]>([
    [['token', '.', '--sub=ada'], 'document (".") must be the id of a document, or a link to it'],
    [['token', 'notes', `--sub=${'a'.repeat(257)}`], 'must have at most 256 letters'],
  ])('is told before anything is asked: %s', async (words, told) => {
    const ended = await runQuire(words, { QUIRE_DATA: temporaryFolder() })
    expect(ended.code).toBe(codes.misused)
    expectSentence(ended, told)
  })

  it('is told to a program in JSON', async () => {
    const ended = await runQuire(['list', '--json', '--limit=0'], { QUIRE_DATA: temporaryFolder() })
    expect(ended.code).toBe(codes.misused)
    expect(JSON.parse(ended.stderr)).toEqual({
      error: { code: 'misused', message: expect.stringContaining('--limit ("0") must be a whole number') },
    })
  })

  it('finds what would keep a server from running', async () => {
    const data = temporaryFolder()
    writeFileSync(path(data, 'secret'), 'short', { mode: 0o600 })
    const ended = await runQuire(['doctor', '--port=0', '--tls-cert=nowhere.pem', '--tls-key=nowhere.pem'], {
      QUIRE_DATA: data,
    })
    expect(ended.code).toBe(codes.failed)
    expect(ended.stdout).toMatch(/^fail {2}secret .*at least 32 bytes/m)
    expect(ended.stdout).toMatch(/^fail {2}certificate .*_CERT .* cannot be read.*_KEY .* cannot be read/m)
    expect(readdirSync(data)).toEqual(['secret'])
  })

  it('finds every setting that would keep a server from starting, as that says it', async () => {
    const data = temporaryFolder()
    for (const environment of [
      { QUIRE_ADMIN_TOKEN: 'short', QUIRE_ORIGINS: '*', QUIRE_TRUST_PROXY: 'all', QUIRE_OPEN_ROOMS: 'yes' },
      { QUIRE_CREATE: 'admin', QUIRE_OPEN_ROOMS: 'on', QUIRE_TLS_KEY: 'key.pem' },
    ]) {
      const variables = { QUIRE_DATA: data, PORT: '0', ...environment }
      const [served, examined] = await Promise.all([
        runQuire(['serve'], variables),
        runQuire(['doctor'], variables),
      ])
      expect(served.code).toBe(codes.misused)
      expect(examined.code).not.toBe(0)
      const told = examined.stdout + examined.stderr
      for (const line of served.stderr.trim().split('\n')) expect(told).toContain(line)
    }
  })

  it('asks for the keys of the application whose tokens are to be believed', async () => {
    const answers: string[] = ['{"keys":[]}', 'none']
    const host = createServer((_, response) => response.end(answers.shift()))
    host.listen(0, '127.0.0.1')
    await once(host, 'listening')
    onTestFinished(() => void host.close())
    const address = host.address()
    const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/keys.json`
    const words = ['doctor', '--port=0', `--jwks-url=${url}`]
    for (const fault of [/has 0 keys: no token/, /does not answer with keys/])
      expect((await runQuire(words, { QUIRE_DATA: temporaryFolder() })).stdout).toMatch(fault)
  })

  it('finds nothing wrong with a server whose certificate is for the name by which people call it', async () => {
    const data = temporaryFolder()
    const files = { '-keyout': path(data, 'key.pem'), '-out': path(data, 'certificate.pem') }
    openssl(
      'req -x509 -nodes -days 30 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -subj /CN=write.example.org -addext subjectAltName=DNS:write.example.org',
      files,
    )
    const environment = { QUIRE_TLS_KEY: files['-keyout'], QUIRE_TLS_CERT: files['-out'] }
    await spawnServer(data, environment)
    const { stdout } = await runQuire(['doctor'], { QUIRE_DATA: data, ...environment })
    expect(stdout).toMatch(/^ok {4}server .* at https:/m)
  })

  it.each(['--version', 'version'])('says which version it is: %s', async (asked) => {
    expect(await said(temporaryFolder(), [asked])).toBe(`quire ${quireVersion}\n`)
  })

  it('ends without a word when nobody reads on', async () => {
    const data = temporaryFolder()
    const shell = spawn(
      'sh',
      ['-c', `node ${main} --help | true; node ${main} new --title x - | head -c 1`],
      {
        env: { ...inherited(), QUIRE_DATA: data },
        stdio: ['pipe', 'pipe', 'pipe'],
      },
    )
    shell.stdin.end('text')
    const [stdout, stderr] = await Promise.all([text(shell.stdout), text(shell.stderr)])
    expect({ stdout, stderr }).toEqual({ stdout: 'i', stderr: '' })
  })
})
