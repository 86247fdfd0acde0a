import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Worker } from 'node:worker_threads'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseDocumentName } from '@quire/protocol'
import { documentStoreContract } from '../document-store.contract.ts'
import { TemporaryFailure } from './failure.ts'
import { SqliteStore } from './sqlite-store.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'quire-store-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

documentStoreContract(() => SqliteStore.open(folder))

describe('the SQLite store', () => {
  const name = parseDocumentName('notes')

  async function written(...updates: number[][]): Promise<void> {
    const store = await SqliteStore.open(folder)
    for (const update of updates) await store.append(name, Uint8Array.from(update), { create: true })
    await store.close()
  }

  function file(each = 'quire.db'): string {
    return join(folder, each)
  }

  /** What is in the database and its log; the lock and the log's index are made by whoever looks. */
  function contents(): readonly (Buffer | undefined)[] {
    return ['quire.db', 'quire.db-wal'].map((each) => {
      const bytes = existsSync(file(each)) ? readFileSync(file(each)) : undefined
      return bytes?.length === 0 && each !== 'quire.db' ? undefined : bytes
    })
  }

  function tamper(sql: string): void {
    const database = new DatabaseSync(file())
    database.exec(sql)
    database.close()
  }

  it('keeps documents over a restart', async () => {
    await written([1], [2])
    const store = await SqliteStore.open(folder)
    expect((await store.load(name))?.tail).toHaveLength(2)
    await store.close()
  })

  it('lets no second server into the same folder', async () => {
    const store = await SqliteStore.open(folder)
    await expect(SqliteStore.open(folder)).rejects.toThrow('another server is using it')
    await store.close()
    await (await SqliteStore.open(folder)).close()
  })

  it('lets whoever finds another program in the database know that it may be free later', async () => {
    await written([1])
    const other = new DatabaseSync(file())
    other.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN IMMEDIATE')
    const refused = SqliteStore.open(folder)
    await expect(refused).rejects.toBeInstanceOf(TemporaryFailure)
    await expect(refused).rejects.toThrow('end other programs')
    other.close()
    await (await SqliteStore.open(folder)).close()
  })

  it.each([
    ['random bytes', () => writeFileSync(file(), Buffer.alloc(4096, 7)), 'not a database'],
    ['an empty file', () => writeFileSync(file(), ''), 'quire.db is empty'],
    ['a log without its database', () => writeFileSync(file('quire.db-wal'), 'x'), 'quire.db is gone'],
    [
      'what a restore has not put in its place',
      () => writeFileSync(file('quire.db.restoring-2026-11-28T05-00-00Z'), 'x'),
      'a restore was interrupted',
    ],
    [
      'what a restore has moved aside',
      () => writeFileSync(file('quire.db.before-restore-2026-11-28T05-00-00Z'), 'x'),
      'a restore was interrupted',
    ],
    ["another program's database", () => tamper('CREATE TABLE theirs (x)'), "another program's database"],
    [
      'a newer schema',
      () => tamper('PRAGMA application_id = 1366649202; PRAGMA user_version = 99'),
      'schema 99',
    ],
  ])('refuses %s and leaves it as it is', async (_, spoil, reason) => {
    spoil()
    const before = contents()
    await expect(SqliteStore.open(folder)).rejects.toThrow(reason)
    expect(contents()).toEqual(before)
  })

  it.each([
    ['malformed', 16, 8],
    ['the room kept free', 20, 1],
    ['the format of the schema', 47, 3],
    ['vacuum itself', 55, 1],
    ['malformed', 59, 2],
    ['malformed', 3500, 0],
    ['not a database', 3, 0],
  ])('refuses a database whose header is damaged: %s', async (reason, offset, value) => {
    await written([1])
    const bytes = readFileSync(file())
    bytes[offset] = value
    writeFileSync(file(), bytes)
    await expect(SqliteStore.open(folder)).rejects.toThrow(reason)
    await expect(SqliteStore.open(folder)).rejects.toThrow('put a backup in its place')
    expect(readFileSync(file()).equals(bytes)).toBe(true)
  })

  it('refuses a database of which the last pages are forgotten, rather than to write over them', async () => {
    await written([1])
    const store = await SqliteStore.open(folder)
    await store.append(name, new Uint8Array(20_000))
    await store.close()
    const bytes = readFileSync(file())
    bytes.writeUInt32BE(bytes.readUInt32BE(28) - 3, 28)
    writeFileSync(file(), bytes)
    await expect(SqliteStore.open(folder)).rejects.toThrow('the number of pages has changed')
    expect(readFileSync(file()).equals(bytes)).toBe(true)
  })

  it('begins again after its making was interrupted', async () => {
    writeFileSync(file('quire.db.new'), 'half')
    await (await SqliteStore.open(folder)).close()
    expect(readdirSync(folder).toSorted()).toEqual(['quire.db', 'quire.lock'])
  })

  it('says what is wrong with a lock that cannot be taken', async () => {
    writeFileSync(file('quire.lock'), 'something else')
    await expect(SqliteStore.open(folder)).rejects.toThrow('quire.lock cannot be taken')
  })

  it('keeps everything readable by its owner only', async () => {
    const store = await SqliteStore.open(folder)
    await store.append(name, Uint8Array.of(1), { create: true })
    const modes = readdirSync(folder).map((each) => statSync(file(each)).mode & 0o777)
    expect(modes).toEqual(modes.map(() => 0o600))
    await store.close()
  })

  it('answers all that it was asked before it closes', async () => {
    await written([1])
    const store = await SqliteStore.open(folder)
    const loads = Promise.all(Array.from({ length: 100 }, () => store.load(name)))
    await store.close()
    for (const stored of await loads) expect(stored?.tail).toHaveLength(1)
  })

  it('tells when its thread has ended by itself, and hangs for nobody', async () => {
    const started = new Promise<Worker>((resolve) => process.once('worker', resolve))
    const store = await SqliteStore.open(folder)
    const writer = await started
    const asked = store.append(name, Uint8Array.of(1), { create: true })
    void writer.terminate()
    expect(await store.broken).toMatchObject({ message: 'the writer thread has ended' })
    // It may have been answered just before.
    await Promise.allSettled([asked])
    await expect(store.load(name)).rejects.toMatchObject({ code: 'unavailable' })
    await store.close()
    await written([1])
  })

  it('does not take it for broken that it is closed', async () => {
    const store = await SqliteStore.open(folder)
    await store.close()
    expect(await Promise.race([store.broken, Promise.resolve('closed')])).toBe('closed')
  })

  it('answers what is asked after closing with an error, and never hangs', async () => {
    const store = await SqliteStore.open(folder)
    await store.close()
    await expect(store.load(name)).rejects.toMatchObject({ code: 'unavailable' })
  })
})
