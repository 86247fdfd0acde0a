import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseDocumentName } from '@quire/protocol'
import { writeExport } from './quarantine.ts'
import { SqliteStore } from './sqlite-store.ts'
import { verifyDatabase } from './verify.ts'

describe('a damaged document', () => {
  const name = parseDocumentName('team/notes ../1')
  const other = parseDocumentName('other')
  const keyHash = new Uint8Array(32).fill(0xab)
  const writer = { clientId: 7, userId: 'ada', name: 'Ada', part: 'wrote', clock: 0 } as const
  /** Large ones lie in pages of their own. */
  const update = (value: number, length = 3): Uint8Array => new Uint8Array(length).fill(value)

  let folder: string
  const path = (): string => join(folder, 'quire.db')
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'quire-quarantine-'))
    const store = await SqliteStore.open(folder)
    await store.create({ name, links: [{ id: 'own', role: 'own', keyHash }], update: update(1) })
    await store.addLink(name, { id: 'few', role: 'view', keyHash: keyHash.map((byte) => ~byte), maxUses: 3 })
    await store.useLink(name, 'few', 'bo')
    for (const value of [2, 3, 4])
      await store.append(name, update(value, value === 3 ? 20_000 : 3), { create: false, writers: [writer] })
    await store.compact(name, { position: 1, update: update(1) })
    await store.create({ name: other, links: [], update: update(9) })
    await store.close()
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  function tamper(...statements: string[]): void {
    const database = new DatabaseSync(path(), { defensive: false })
    for (const sql of statements) database.exec(sql)
    database.close()
  }

  /** What says where the bytes of entry 3 go on now points past the end of the file. */
  function breakEntry3(): void {
    const file = readFileSync(path())
    const inside = file.indexOf(Buffer.alloc(4000, 3))
    file.writeUInt32BE(0x7fffffff, inside - (inside % 4096))
    writeFileSync(path(), file)
  }

  /** An index whose page says that it is empty: nothing is wrong with the page, except that everything is gone. */
  function emptyIndex(index: string): void {
    const database = new DatabaseSync(path())
    const page = Number(
      database.prepare('SELECT rootpage FROM sqlite_schema WHERE name = ?').get(index)?.['rootpage'],
    )
    database.close()
    const file = readFileSync(path())
    file.writeUInt16BE(0, (page - 1) * 4096 + 3)
    writeFileSync(path(), file)
  }

  async function using(work: (store: SqliteStore) => Promise<void>): Promise<void> {
    const store = await SqliteStore.open(folder)
    try {
      await work(store)
    } finally {
      await store.close()
    }
  }

  const rowsIn = (file: string): Record<string, unknown>[] =>
    readFileSync(file, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>) // every line is an object

  it.each([
    ["UPDATE log SET bytes = x'03' WHERE position = 4", 'entry 4 of the log does not match its checksum'],
    ['UPDATE log SET position = 40 WHERE position = 4', 'entry 4 of the log is missing'],
    ['DELETE FROM log WHERE position = 3', 'entry 3 of the log is missing'],
    ['DELETE FROM log WHERE position = 4', 'the log ends with entry 3, but ended with entry 4'],
    ["UPDATE bases SET bytes = x'03'", 'the base does not match its checksum'],
    ['DELETE FROM bases', 'the base goes to entry 0, but went to entry 1'],
    ['DELETE FROM extents', 'how far its log goes is not known'],
    [
      // Right bytes of the same document, in the wrong place.
      `UPDATE log SET (bytes, checksum) = (SELECT bytes, checksum FROM log WHERE position = 2) WHERE position = 4`,
      'entry 4 of the log does not match its checksum',
    ],
    ['UPDATE extents SET tail_bytes = tail_bytes + 1', 'how long its log is does not match what is there'],
    ['UPDATE documents SET created_at = 1', 'what it is called does not match its checksum'],
    ["UPDATE links SET role = 'own'", 'a link does not match its checksum'],
    ['UPDATE links SET expires_at = 1', 'a link does not match its checksum'],
  ])('is not served: %s', async (sql, reason) => {
    tamper(
      'PRAGMA foreign_keys = OFF',
      `${sql}${sql.startsWith('DELETE') && sql.includes('WHERE') ? ' AND document = 1' : ''}`,
    )
    await using(async (store) => {
      await expect(store.load(name)).rejects.toMatchObject({ code: 'damaged', message: reason })
    })
  })

  it.each([
    ['sqlite_autoindex_documents_1', 'its name is missing from an index'],
    ['sqlite_autoindex_log_1', 'the log ends with entry 1, but ended with entry 4'],
  ])('is not blank because %s has lost it', async (index, reason) => {
    emptyIndex(index)
    await using(async (store) => {
      await expect(store.load(name)).rejects.toMatchObject({ code: 'damaged', message: reason })
      if (index.includes('documents'))
        await expect(store.append(name, update(5), { create: true })).rejects.toMatchObject({
          code: 'damaged',
        })
      const rows = rowsIn(await store.setAside(name, reason))
      expect(rows.flatMap(({ matches, position }) => (matches && position) || [])).toEqual([1, 2, 3, 4])
    })
  })

  it('opens to nobody through a link that is not what was made, and says why', async () => {
    tamper("UPDATE links SET key_hash = x'00' WHERE id = 'own'", 'UPDATE links SET role = role')
    const reason = { code: 'damaged', message: 'a link does not match its checksum' }
    await using(async (store) => {
      await expect(store.findLink(name, keyHash)).rejects.toMatchObject(reason)
      await expect(store.findLink(name, Uint8Array.of(0))).rejects.toMatchObject(reason)
      await expect(store.findLinkById(name, 'own')).rejects.toMatchObject(reason)
      await expect(store.changeLink(name, 'own', { label: 'changed' })).rejects.toMatchObject(reason)
      await expect(store.links(name)).rejects.toMatchObject(reason)
      expect(await store.findLinkById(name, 'few')).toMatchObject({ uses: 1 })
      await expect(store.findLink(name, Uint8Array.of(1))).rejects.toMatchObject(reason)
    })
  })

  it.each([
    ['UPDATE link_uses SET user = user || 1', 'whom a link let in does not match its checksum'],
    ['UPDATE writers SET clock = clock + 1', 'who wrote in it does not match its checksum'],
    ['UPDATE writers SET checksum = NULL', 'who wrote in it does not match its checksum'],
  ])('is served, and found all the same: %s', async (sql, what) => {
    tamper(sql)
    await using(async (store) => {
      expect(await store.load(name)).toBeDefined()
      expect(await store.append(name, update(5), { create: false, writers: [writer] })).toBe(5)
      expect(verifyDatabase(path(), { isStill: false }).damage).toContainEqual({ document: name, what })
      await expect(store.removeUnopened(name, 0)).rejects.toMatchObject({ code: 'damaged', message: what })
    })
  })

  it('is not made to look sound by what is written over it', async () => {
    tamper("UPDATE writers SET name = 'Eve', wrote = 0")
    await using(async (store) => {
      await store.append(name, update(5), { create: false, writers: [writer] })
      await expect(store.writers(name)).rejects.toMatchObject({
        code: 'damaged',
        message: 'who wrote in it does not match its checksum',
      })
    })
  })

  it('sends nobody away because it is not certain any more whom a link let in', async () => {
    tamper("UPDATE link_uses SET user = 'b0'")
    await using(async (store) => {
      await store.changeLink(name, 'few', { maxUses: 1 })
      await expect(store.useLink(name, 'few', 'bo')).rejects.toMatchObject({ code: 'damaged' })
    })
  })

  it('fails alone when its pages cannot be read, among requests of the same moment', async () => {
    breakEntry3()
    await using(async (store) => {
      const results = await Promise.allSettled([
        store.append(other, update(8)),
        store.load(name),
        store.load(other),
        store.compact(name, { position: 4, update: update(4) }),
        store.append(other, update(7)),
      ])
      expect(results).toMatchObject([
        { value: 2 },
        { reason: { code: 'damaged', message: /^entry 3 of the log cannot be read: / } },
        { status: 'fulfilled' },
        { reason: { code: 'damaged' } },
        { value: 3 },
      ])
      expect((await store.load(other))?.tail).toHaveLength(3)
    })
  })

  it('is nothing to those that are read after it', async () => {
    breakEntry3()
    await using(async (store) => {
      for (const each of [name, other, name, other]) {
        const loaded = store.load(each)
        if (each === other) expect((await loaded)?.tail).toHaveLength(1)
        else await expect(loaded).rejects.toMatchObject({ code: 'damaged' })
      }
    })
    const { damage } = verifyDatabase(path(), { isStill: true })
    const named = damage.filter(({ what }) => what.includes('cannot be read'))
    expect(named.map(({ document }) => document)).toEqual([name])
  })

  it('is set aside row by row, with what cannot be read noted', async () => {
    breakEntry3()
    tamper("UPDATE log SET bytes = x'ff' WHERE document = 1 AND position = 4")
    await using(async (store) => {
      const file = await store.setAside(name, 'entry 3 of the log cannot be read')
      expect(rowsIn(file)).toEqual([
        {
          document: name,
          reason: 'entry 3 of the log cannot be read',
          time: expect.stringMatching(/^\d{4}-.*Z$/),
        },
        { kind: 'base', position: 1, checksum: expect.any(Number), matches: true, bytes: 'AQEB' },
        { kind: 'entry', position: 2, checksum: expect.any(Number), matches: true, bytes: 'AgIC' },
        { kind: 'entry', position: 3, unreadable: 'database disk image is malformed' },
        { kind: 'entry', position: 4, checksum: expect.any(Number), matches: false, bytes: '/w==' },
        { kind: 'link', id: 'few', role: 'view', keyHash: '54'.repeat(32), matches: true },
        { kind: 'link', id: 'own', role: 'own', keyHash: 'ab'.repeat(32), matches: true },
        { kind: 'writer', client: 7, user: 'ada', name: 'Ada', matches: true },
      ])
    })
  })

  it('has a file for each state, not for each time it is set aside', async () => {
    await using(async (store) => {
      const first = await store.setAside(name, 'once')
      expect(await store.setAside(name, 'twice')).toBe(first)
      await store.append(name, update(5))
      const second = await store.setAside(name, 'more')
      expect(second).not.toBe(first)
      const files = readdirSync(join(folder, 'quarantine'))
      expect(new Set(files)).toEqual(new Set([first, second].map((each) => each.split('/').at(-1))))
      expect(files.every((file) => /^[0-9a-f]{16}-[0-9a-f]{16}\.jsonl$/.test(file))).toBe(true)
      expect(statSync(first).mode & 0o777).toBe(0o600)
      expect(statSync(join(folder, 'quarantine')).mode & 0o777).toBe(0o700)
    })
  })

  it('costs its reading and its setting aside once in some minutes, until something is written of it', async () => {
    tamper("UPDATE links SET role = 'own' WHERE id = 'few'")
    const reason = 'a link does not match its checksum'
    const load = (store: SqliteStore): Promise<number | string> =>
      store.load(name).then(
        (stored) => stored?.tail.length ?? 0,
        (error: unknown) => String(error),
      )
    await using(async (store) => {
      expect(await load(store)).toContain(reason)
      const file = await store.setAside(name, reason)
      tamper("UPDATE links SET role = 'view' WHERE id = 'few'")
      rmSync(file)
      expect(await load(store)).toContain(reason)
      expect(await store.setAside(name, reason)).toBe(file)
      expect(existsSync(file)).toBe(false)
      // With every arrival.
      await store.useLink(name, 'few', 'bo')
      expect(await load(store)).toContain(reason)

      await store.noteOpened(name)
      expect(await load(store)).toBe(3)
      expect(existsSync(await store.setAside(name, reason))).toBe(true)
    })
  })

  it.each([0, 500])('leaves nothing behind where there is room for %i bytes', (roomBytes) => {
    const rows = [{ kind: 'base', position: 1, checksum: 1, matches: true, bytes: 'a'.repeat(500) }] as const
    const to = join(folder, 'quarantine')
    const write = (room: number): string =>
      writeExport({ folder: to, name, reason: 'it is damaged', rows, roomBytes: room })
    expect(() => write(roomBytes)).toThrow('too little room')
    expect(readdirSync(to)).toEqual([])
    expect(rowsIn(write(1000)).slice(1)).toEqual(rows)
  })

  it('leaves nothing behind of what cannot be read to its end', () => {
    const to = join(folder, 'quarantine')
    function* rows(): Iterable<{ kind: 'missing'; from: number; to: number }> {
      yield { kind: 'missing', from: 1, to: 2 }
      throw new Error('the disk is gone')
    }
    const options = { folder: to, name, reason: 'it is damaged', rows: rows(), roomBytes: 1000 }
    expect(() => writeExport(options)).toThrow('the disk is gone')
    expect(readdirSync(to)).toEqual([])
  })

  it('says which entries are gone', async () => {
    tamper('DELETE FROM log WHERE document = 1 AND position IN (2, 4)')
    await using(async (store) => {
      const rows = rowsIn(await store.setAside(name, 'gone'))
      expect(rows.filter(({ kind }) => kind === 'missing')).toEqual([
        { kind: 'missing', from: 2, to: 2 },
        { kind: 'missing', from: 4, to: 4 },
      ])
    })
  })
})
