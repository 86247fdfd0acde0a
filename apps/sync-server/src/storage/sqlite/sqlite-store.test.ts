import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseDocumentName } from '@quire/protocol'
import { documentStoreContract } from '../document-store.contract.ts'
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

  function tamper(sql: string): void {
    const database = new DatabaseSync(join(folder, 'quire.db'))
    database.exec(sql)
    database.close()
  }

  it('keeps documents over a restart', async () => {
    await written([1], [2])
    const store = await SqliteStore.open(folder)
    expect((await store.load(name))?.tail).toHaveLength(2)
    await store.close()
  })

  it('says so instead of serving bytes that have changed on disk', async () => {
    await written([1], [2])
    tamper("UPDATE log SET bytes = x'03' WHERE position = 2")
    const store = await SqliteStore.open(folder)
    await expect(store.load(name)).rejects.toMatchObject({ code: 'damaged' })
    await store.close()
  })

  it('says so instead of serving a log with a hole', async () => {
    await written([1], [2], [3])
    tamper('DELETE FROM log WHERE position = 2')
    const store = await SqliteStore.open(folder)
    await expect(store.load(name)).rejects.toMatchObject({ code: 'damaged' })
    await store.close()
  })

  it('lets no second server into the same folder', async () => {
    const store = await SqliteStore.open(folder)
    await expect(SqliteStore.open(folder)).rejects.toThrow('another server is using it')
    await store.close()
    await (await SqliteStore.open(folder)).close()
  })

  it.each([
    ['random bytes', () => writeFileSync(join(folder, 'quire.db'), Buffer.alloc(4096, 7)), 'not a database'],
    ["another program's database", () => tamper('CREATE TABLE theirs (x)'), "another program's database"],
    [
      'a newer schema',
      () => tamper('PRAGMA application_id = 1366649202; PRAGMA user_version = 99'),
      'schema 99',
    ],
  ])('refuses %s and leaves the file alone', async (_, spoil, reason) => {
    spoil()
    await expect(SqliteStore.open(folder)).rejects.toThrow(reason)
  })

  it('answers what is asked after closing with an error, and never hangs', async () => {
    const store = await SqliteStore.open(folder)
    await store.close()
    await expect(store.load(name)).rejects.toMatchObject({ code: 'unavailable' })
  })
})
