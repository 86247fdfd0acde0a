import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseDocumentName } from '@quire/protocol'
import { writeSchema1 } from './schema-1.fixture.ts'
import { writeSchema3 } from './schema-3.fixture.ts'
import { migrate } from './schema.ts'
import { SqliteStore } from './sqlite-store.ts'
import { verifyDatabase } from './verify.ts'

describe('a database of schema 1', () => {
  const [long, joined, empty] = ['long', 'joined', 'empty'].map(parseDocumentName)
  if (!long || !joined || !empty) throw new Error('there are names')
  const bytes = (value: number, length = 3): Uint8Array => new Uint8Array(length).fill(value)
  const keyHash = bytes(7, 32)

  let folder: string
  const path = (): string => join(folder, 'quire.db')
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'quire-schema-'))
    writeSchema1(path(), [
      // Large enough that its bytes lie in pages of their own.
      { name: long, log: [1, 2, 3].map((position) => ({ position, bytes: bytes(position, 20_000) })) },
      {
        name: joined,
        base: { position: 4, bytes: bytes(4) },
        log: [{ position: 5, bytes: bytes(5) }],
        links: [{ id: 'own', role: 'own', keyHash }],
      },
      { name: empty },
    ])
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  function tamper(sql: string): void {
    const database = new DatabaseSync(path())
    database.exec(sql)
    database.close()
  }

  it('keeps everything, and goes on', async () => {
    for (const start of ['with the migration', 'without']) {
      const store = await SqliteStore.open(folder)
      expect((await store.load(long))?.tail, start).toEqual(
        [1, 2, 3].map((position) => ({ position, update: bytes(position, 20_000) })),
      )
      expect((await store.load(joined))?.base, start).toEqual({ position: 4, update: bytes(4) })
      expect(await store.findLink(joined, keyHash)).toMatchObject({ role: 'own' })
      await store.close()
    }
    const store = await SqliteStore.open(folder)
    expect(await store.append(long, bytes(4))).toBe(4)
    expect(await store.append(joined, bytes(6))).toBe(6)
    expect(await store.append(empty, bytes(1))).toBe(1)
    expect((await store.load(joined))?.tail).toHaveLength(2)
    await store.close()
  })

  it('has the schema of a new one afterwards', async () => {
    await (await SqliteStore.open(folder)).close()
    const fresh = mkdtempSync(join(tmpdir(), 'quire-schema-'))
    await (await SqliteStore.open(fresh)).close()
    expect(schemaOf(path())).toEqual(schemaOf(join(fresh, 'quire.db')))
    rmSync(fresh, { recursive: true })
  })

  it('does not take bytes for right that were not', async () => {
    tamper("UPDATE log SET bytes = x'09' WHERE document = 1 AND position = 2")
    const store = await SqliteStore.open(folder)
    await expect(store.load(long)).rejects.toMatchObject({ code: 'damaged' })
    expect((await store.load(joined))?.tail).toHaveLength(1)
    await store.close()
  })

  it('comes over although the pages of one document cannot be read', async () => {
    const file = readFileSync(path())
    // What says where the bytes of entry 2 go on, in the first of their pages, now points past the end of the file.
    const inside = file.indexOf(Buffer.alloc(4000, 2))
    new DataView(file.buffer, file.byteOffset).setUint32(inside - (inside % 4096), 0x7fffffff)
    writeFileSync(path(), file)
    for (const start of ['with the migration', 'without']) {
      const store = await SqliteStore.open(folder)
      await expect(store.load(long), start).rejects.toMatchObject({ code: 'damaged' })
      expect((await store.load(joined))?.tail, start).toHaveLength(1)
      await store.close()
    }
  })
})

describe('a database of schema 3', () => {
  const name = parseDocumentName('notes')
  const bytes = (value: number): Uint8Array => new Uint8Array(3).fill(value)
  const link = { id: 'own', role: 'own', keyHash: new Uint8Array(32).fill(7), label: 'Anna’s' }
  const writer = { clientId: 7, userId: 'ada', name: 'Ada', part: 'wrote', clock: 0 } as const

  let folder: string
  const path = (): string => join(folder, 'quire.db')
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'quire-schema-'))
    writeSchema3(path(), { name, log: [bytes(1), bytes(2)], link })
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  it('keeps everything, knows nobody who wrote, and notes who does from now on', async () => {
    const store = await SqliteStore.open(folder)
    expect((await store.load(name))?.tail.map(({ update }) => update)).toEqual([bytes(1), bytes(2)])
    expect(await store.findLink(name, link.keyHash)).toMatchObject(link)
    expect(await store.writers(name)).toEqual([])
    expect(await store.append(name, bytes(3), { create: false, writers: [writer] })).toBe(3)
    await store.close()
    const again = await SqliteStore.open(folder)
    expect(await again.writers(name)).toMatchObject([writer])
    await again.close()
  })

  it('counts as opened when it is brought forward, and not before', async () => {
    const before = Math.floor(Date.now() / 1000)
    const database = new DatabaseSync(path())
    database.exec('UPDATE documents SET created_at = 1')
    database.close()
    const store = await SqliteStore.open(folder)
    const { openedAt = 0, unopenedHours } = await store.facts(name)
    expect(openedAt).toBeGreaterThanOrEqual(before)
    expect(unopenedHours).toBe(0)
    await store.passHour()
    expect([await store.removeUnopened(name, 2), await store.removeUnopened(name, 1)]).toEqual([false, true])
    await store.close()
  })

  it('looks no older when it is not known any more for how long servers ran', async () => {
    const first = await SqliteStore.open(folder)
    await first.passHour()
    await first.close()
    const database = new DatabaseSync(path())
    database.exec('UPDATE uptime SET hours = 1000000')
    database.close()
    expect(verifyDatabase(path(), { isStill: true }).damage).toContainEqual({
      document: undefined,
      what: 'for how long servers have run is not what was written',
    })
    const store = await SqliteStore.open(folder)
    expect(await store.facts(name)).toMatchObject({ unopenedHours: undefined })
    expect([await store.unopened(1), await store.removeUnopened(name, 1)]).toEqual([
      { documents: 0, bytes: 0 },
      false,
    ])
    await store.noteOpened(name)
    for (let hour = 0; hour < 2; hour++) await store.passHour()
    expect(await store.facts(name)).toMatchObject({ unopenedHours: 2 })
    expect(await store.keepFor(90)).toBe(0)
    await store.close()
  })

  it('is listed, and says when it changed once it does', async () => {
    const store = await SqliteStore.open(folder)
    const extent = { base: 0, head: 2 }
    expect(await store.facts(name)).toMatchObject({ name, extent, changedAt: undefined, title: undefined })
    await store.append(name, bytes(3))
    expect(await store.facts(name)).toMatchObject({ changedAt: expect.any(Number) })
    await store.close()
  })

  it('has the schema of a new one afterwards', async () => {
    await (await SqliteStore.open(folder)).close()
    const fresh = mkdtempSync(join(tmpdir(), 'quire-schema-'))
    await (await SqliteStore.open(fresh)).close()
    expect(schemaOf(path())).toEqual(schemaOf(join(fresh, 'quire.db')))
    rmSync(fresh, { recursive: true })
  })

  it('has a checksum for whatever it held, from then on', async () => {
    const database = new DatabaseSync(path())
    migrate(database, () => undefined, 5)
    database.exec(`
      UPDATE links SET max_uses = 1;
      INSERT INTO link_uses (document, link, user) VALUES (1, 'own', 'ada');
      INSERT INTO writers (document, client, user, name, wrote, clock) VALUES (1, 7, 'ada', 'Ada', 1, 0);
    `)
    database.close()
    const sound = await SqliteStore.open(folder)
    expect((await sound.load(name))?.tail).toHaveLength(2)
    expect(await sound.findLink(name, link.keyHash)).toMatchObject({ uses: 1 })
    expect(await sound.writers(name)).toMatchObject([writer])
    await sound.close()
    for (const change of [
      'documents SET created_at = 1',
      'extents SET changed_at = 1',
      'openings SET hour = -1000000',
      'links SET max_uses = 2',
      "link_uses SET user = 'bo'",
      'writers SET client = 8',
    ]) {
      const changed = new DatabaseSync(path(), { enableForeignKeyConstraints: false })
      const [table] = change.split(' ')
      changed.exec(`CREATE TEMP TABLE as_it_was AS SELECT * FROM ${table}; UPDATE ${change}`)
      const store = await SqliteStore.open(folder)
      await expect(store.removeUnopened(name, 0), change).rejects.toMatchObject({ code: 'damaged' })
      await store.close()
      changed.exec(`DELETE FROM ${table}; INSERT INTO ${table} SELECT * FROM as_it_was`)
      changed.close()
    }
  })

  it('lets go of who wrote together with the document', async () => {
    const store = await SqliteStore.open(folder)
    const other = parseDocumentName('other')
    await store.append(name, bytes(3), { create: false, writers: [writer] })
    await store.append(other, bytes(1), { create: true, writers: [writer] })
    await store.close()
    const database = new DatabaseSync(path(), { enableForeignKeyConstraints: true })
    for (const table of ['log', 'links', 'extents']) database.exec(`DELETE FROM ${table} WHERE document = 1`)
    database.exec('DELETE FROM documents WHERE id = 1')
    expect(database.prepare('SELECT document FROM writers').all()).toEqual([{ document: 2 }])
    database.close()
  })
})

function schemaOf(path: string): unknown[] {
  const database = new DatabaseSync(path, { readOnly: true })
  const rows = database.prepare('SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY name').all()
  database.close()
  return rows.map((row) => JSON.stringify(row).replaceAll(/(\\n|\s)+/g, ' '))
}
