/** Backups as an operator makes them: while a server runs, and put back elsewhere. */
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  watch,
  writeFileSync,
} from 'node:fs'
import { basename, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import { launchQuire } from '../../scripts/run-server.ts'
import { createDocument, createSession, readText } from '../support/documents.ts'
import { Network } from '../support/network.ts'
import { runQuire, spawnServer } from '../support/quire-process.ts'
import { beginSession, openSession, untilLive, untilSaved } from '../support/session.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { untilSession } from '../support/until.ts'

const damaged = 3
const misused = 2
const busy = 75

interface Said {
  readonly code: number | undefined
  readonly stderr: string
  readonly result: Readonly<Record<string, unknown>>
}

/** What it prints with `--json`; an empty object if that is nothing. */
async function quire(...args: string[]): Promise<Said> {
  const { code, stdout, stderr } = await runQuire([...args, '--json'])
  const result: unknown = stdout === '' ? {} : JSON.parse(stdout)
  return { code, stderr, result: result as Said['result'] } // an object is printed, or nothing
}

it.each(['verify', 'restore'])('is told from what is none when a path is mistyped: %s', async (command) => {
  const backups = temporaryFolder()
  const to = join(temporaryFolder(), 'data')
  const data = temporaryFolder()
  expect((await quire('new', '--data', data)).code).toBe(0)
  expect((await quire('backup', backups, '--data', data)).code).toBe(0)
  const newest = join(backups, readdirSync(backups)[0] ?? '')
  const paths: readonly (readonly [string, string])[] = [
    [join(backups, 'none'), `There is nothing at ${join(backups, 'none')}`],
    [join(newest, 'manifest.json'), 'is a file'],
    [temporaryFolder(), 'holds neither manifest.json nor quire.db'],
    [backups, `name one of them, such as ${newest}`],
  ]
  for (const [path, words] of paths) {
    const { code, stderr } = await quire(command, path, '--data', to)
    expect([code, JSON.parse(stderr)]).toEqual([
      misused,
      { error: { code: 'no-backup', message: expect.stringContaining(words) } },
    ])
  }
  expect(existsSync(to)).toBe(false)
})

it('is not made of what a newer server has written, which this one cannot verify', async () => {
  const data = temporaryFolder()
  expect((await quire('new', '--data', data)).code).toBe(0)
  const database = new DatabaseSync(join(data, 'quire.db'))
  database.exec('PRAGMA user_version = 99')
  database.close()
  const { code, stderr } = await quire('backup', join(data, 'copy'), '--data', data)
  expect(code).toBe(1)
  expect(JSON.parse(stderr)).toMatchObject({ error: { message: expect.stringContaining('has schema 99') } })
  expect(existsSync(join(data, 'copy'))).toBe(false)
})

describe('a backup', () => {
  it('of a running server is as it lies in a data folder, and for its owner only', async () => {
    const data = temporaryFolder()
    const server = await spawnServer(data)
    const document = await createDocument(server.url, { text: 'kept' })
    const backup = join(temporaryFolder(), 'backup')
    const made = await quire('backup', backup, '--data', data)
    expect(made).toMatchObject({
      code: 0,
      result: { path: backup, documents: 1, hasSecret: true, damage: [] },
    })
    expect(readdirSync(backup).toSorted()).toEqual(['manifest.json', 'quire.db', 'secret'])
    expect(readFileSync(join(backup, 'secret'))).toEqual(readFileSync(join(data, 'secret')))
    expect(statSync(backup).mode & 0o777).toBe(0o700)
    for (const name of readdirSync(backup)) expect(statSync(join(backup, name)).mode & 0o777).toBe(0o600)
    for (const path of [[backup], ['--data', data]])
      expect(await quire('verify', ...path)).toMatchObject({ code: 0, result: { sound: true, documents: 1 } })
    expect(readdirSync(backup)).toHaveLength(3)

    // To copy it is to restore it: what else is in it hurts nobody.
    const elsewhere = join(temporaryFolder(), 'data')
    cpSync(backup, elsewhere, { recursive: true })
    const copy = await spawnServer(elsewhere)
    expect(await readText(copy.url, document)).toBe('kept')
    await copy.kill('SIGTERM')
    expect(await quire('verify', elsewhere)).toMatchObject({ code: 0, result: { kind: 'data folder' } })
  })

  it('is restored with its links and its secret, and what people wrote since comes back with them', async () => {
    const data = temporaryFolder()
    const server = await spawnServer(data)
    const document = await createDocument(server.url, { text: 'the beginning' })
    const token = await createSession(server.url, document, document.keys.edit)
    const network = new Network()
    const ada = beginSession({ syncUrl: server.syncUrl, document, Socket: network.Socket })
    await untilLive(ada)
    const backup = join(temporaryFolder(), 'backup')
    await quire('backup', backup, '--data', data)
    ada.text.insert(0, 'Written since: ')
    await untilSaved(ada)
    expect(await quire('restore', backup, '--data', data)).toMatchObject({ code: busy })

    network.cut()
    await untilSession(ada, () => ada.state.type === 'offline')
    await server.kill('SIGTERM')
    const kept = await quire('restore', backup, '--data', data)
    expect(kept).toMatchObject({ code: misused, stderr: expect.stringContaining('holds quire.db already') })
    const restored = await quire('restore', backup, '--data', data, '--replace')
    expect(restored).toMatchObject({ code: 0, result: { documents: 1 } })
    const [aside] = restored.result['movedAside'] as string[]
    expect(
      new DatabaseSync(String(aside)).prepare('SELECT count(*) AS documents FROM documents').get(),
    ).toEqual({
      documents: 1,
    })

    await server.restart()
    expect(await readText(server.url, document)).toBe('the beginning')
    // A token that was signed with the secret before.
    const again = await openSession({ syncUrl: server.syncUrl, document, key: token })
    expect(again.text.toString()).toBe('the beginning')
    network.restore()
    ada.wake()
    await untilSession(again, () => again.text.toString() === 'Written since: the beginning')
    await untilSaved(ada)
    expect(await readText(server.url, document)).toBe('Written since: the beginning')
  })

  it('holds what a killed server had in its log alone', async () => {
    const data = temporaryFolder()
    const server = await spawnServer(data)
    const document = await createDocument(server.url, { text: 'in the log' })
    await server.kill('SIGKILL')
    expect(statSync(join(data, 'quire.db-wal')).size).toBeGreaterThan(0)
    const backup = join(temporaryFolder(), 'backup')
    expect(await quire('backup', backup, '--data', data, '--no-secret')).toMatchObject({
      code: 0,
      result: { documents: 1, hasSecret: false },
    })
    const elsewhere = join(temporaryFolder(), 'made for it')
    expect(await quire('restore', backup, '--data', elsewhere)).toMatchObject({ code: 0 })
    expect(statSync(elsewhere).mode & 0o777).toBe(0o700)
    expect(await readText((await spawnServer(elsewhere)).url, document)).toBe('in the log')
  })

  it('takes the place of the oldest, and of nothing else', async () => {
    const data = temporaryFolder()
    await (await spawnServer(data)).kill('SIGTERM')
    const folder = temporaryFolder()
    const not = ['quire-2020-01-01T00-00-00Z', 'notes', 'quire-2020-01-02T00-00-00Z']
    for (const name of not) mkdirSync(join(folder, name))
    writeFileSync(join(folder, not[2] ?? '', 'manifest.json'), '{}')
    // What an interrupted one leaves, and what somebody else has called so.
    const left = 'quire-2020-01-03T00-00-00Z.part'
    mkdirSync(join(folder, left))
    writeFileSync(join(folder, left, 'quire.db'), 'half')
    const theirs = 'quire-2020-01-04T00-00-00Z.part'
    mkdirSync(join(folder, theirs))
    writeFileSync(join(folder, theirs, 'thesis.txt'), 'mine')

    const made: string[] = []
    for (let count = 0; count < 3; count++) {
      const { code, result } = await quire('backup', folder, '--data', data, '--keep', '2')
      expect(code).toBe(0)
      made.push(basename(String(result['path'])))
    }
    expect(new Set(readdirSync(folder))).toEqual(new Set([...not, theirs, ...made.slice(1)]))
    for (const [target, reason] of [
      [join(folder, made[2] ?? ''), 'holds a manifest.json'],
      [data, 'holds a quire.db'],
      [join(folder, theirs, 'thesis.txt'), 'is a file'],
      [join(folder, 'not', 'there'), 'is not there'],
    ] as const)
      expect(await quire('backup', target, '--data', data)).toMatchObject({
        code: misused,
        stderr: expect.stringContaining(reason),
      })
    expect(await quire('backup', folder, '--data', join(data, 'nowhere'))).toMatchObject({ code: misused })
  })

  it('that is interrupted is not there, and what is left of it goes with the next', async () => {
    const data = temporaryFolder()
    await (await spawnServer(data)).kill('SIGTERM')
    // A pipe into which nobody writes: there it waits.
    const secret = join(data, 'secret')
    rmSync(secret)
    execFileSync('mkfifo', [secret])
    const folder = temporaryFolder()
    const begun = Promise.withResolvers<void>()
    const watcher = watch(folder, () => begun.resolve())
    const child = launchQuire(['backup', folder, '--data', data], {})
    const exited = once(child, 'exit')
    await begun.promise
    child.kill('SIGINT')
    expect(await exited).toEqual([null, 'SIGINT'])
    watcher.close()
    expect(readdirSync(folder)).toEqual([expect.stringMatching(/^quire-.*Z\.part$/)])
    rmSync(secret)
    const { result } = await quire('backup', folder, '--data', data)
    expect(readdirSync(folder)).toEqual([basename(String(result['path']))])
  })

  it('is made of what is damaged too, which is said, kept in mind, and ousts no older one', async () => {
    const data = temporaryFolder()
    const server = await spawnServer(data)
    const [sound, spoilt] = [
      await createDocument(server.url, { text: 'sound' }),
      await createDocument(server.url, { text: 'spoilt' }),
    ]
    await server.kill('SIGTERM')
    const folder = temporaryFolder()
    const before = await quire('backup', folder, '--data', data)
    const database = new DatabaseSync(join(data, 'quire.db'))
    database
      .prepare("UPDATE links SET role = 'own' WHERE document = (SELECT id FROM documents WHERE name = ?)")
      .run(spoilt.id)
    database.close()

    const found = [{ document: spoilt.id, what: 'a link does not match its checksum' }]
    expect(await quire('verify', '--data', data)).toMatchObject({
      code: damaged,
      result: { sound: false, damage: found },
    })
    const made = await quire('backup', folder, '--data', data, '--keep', '1')
    expect(made).toMatchObject({ code: damaged, result: { damage: found, removed: [] } })
    expect(existsSync(String(before.result['path']))).toBe(true)
    expect(await quire('verify', String(made.result['path']))).toMatchObject({
      code: damaged,
      result: { damage: found },
    })
    const elsewhere = temporaryFolder()
    expect(await quire('restore', String(made.result['path']), '--data', elsewhere)).toMatchObject({
      code: 0,
      result: { damage: found },
    })
    expect(await readText((await spawnServer(elsewhere)).url, sound)).toBe('sound')
  })
})
