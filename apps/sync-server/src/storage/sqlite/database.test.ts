import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseDocumentName } from '@quire/protocol'
import type { Work } from './connection.ts'
import { Database } from './database.ts'

describe('a database', () => {
  const name = parseDocumentName('notes')
  const append: Work = (statements) => statements.append(name, Uint8Array.of(1), { create: true })
  const touch: Work = (statements) => statements.touch()
  const load: Work = (statements) => statements.load(name)
  const failing = (errcode: number): Work => {
    return () => {
      throw Object.assign(new Error('as SQLite says it'), { errcode })
    }
  }
  const ioError = 10
  const corrupt = 11
  const full = 13

  let folder: string
  let nowMs: number
  let database: Database
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'quire-database-'))
    nowMs = 0
    database = new Database(folder, () => nowMs)
  })
  afterEach(() => {
    database.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const held = (): unknown => database.read((statements) => statements.load(name)?.tail.length)

  it('is proven to be writable for a second by what was written, and by nothing else', () => {
    expect(database.isProven).toBe(false)
    database.write([(statements) => statements.compact(name, { position: 1, update: Uint8Array.of() })])
    expect(database.isProven).toBe(false)
    for (const work of [append, touch]) {
      database.write([work])
      expect(database.isProven).toBe(true)
      nowMs += 999
      expect(database.isProven).toBe(true)
      nowMs += 1
      expect(database.isProven).toBe(false)
    }
  })

  it('is not proven any more once something failed', () => {
    for (const errcode of [ioError, full]) {
      database.write([touch])
      database.write([failing(errcode)])
      expect(database.isProven, String(errcode)).toBe(false)
    }
  })

  it('writes when it is asked to', () => {
    database.write([touch])
    database.write([touch])
    database.close()
    const file = new DatabaseSync(join(folder, 'quire.db'))
    expect(file.prepare('SELECT times FROM checks').get()).toEqual({ times: 2 })
    file.close()
  })

  it('fails a whole batch when the disk fails, and goes on with the next', () => {
    expect(database.write([append, failing(ioError), append])).toMatchObject([
      { code: 'unavailable' },
      { code: 'unavailable' },
      { code: 'unavailable' },
    ])
    expect(held()).toMatchObject({ value: undefined })
    expect(database.write([append])).toMatchObject([{ value: 1 }])
  })

  it('does what others asked for again when one came upon an unusable page', () => {
    expect(database.write([append, failing(corrupt), append, failing(corrupt), append])).toMatchObject([
      { value: 1 },
      { code: 'damaged' },
      { value: 2 },
      { code: 'damaged' },
      { value: 3 },
    ])
    expect(held()).toMatchObject({ value: 3 })
  })

  it('is read from, as far as it was committed, while nothing can be written any more', () => {
    database.write([append])
    const log = join(folder, 'quire.db-wal')
    renameSync(log, `${log}.aside`)
    mkdirSync(log)
    for (const works of [[append, failing(ioError)], [append]]) {
      expect(database.write(works)).toMatchObject(works.map(() => ({ code: 'unavailable' })))
      expect(held()).toMatchObject({ value: 1 })
    }
    rmdirSync(log)
    renameSync(`${log}.aside`, log)
    expect(held()).toMatchObject({ value: 1 })
    expect(database.write([append])).toMatchObject([{ value: 2 }])
  })

  it('leaves nothing of a request that failed half way', () => {
    const half: Work = (statements) => {
      append(statements)
      throw new Error('half way')
    }
    expect(database.write([append, half, append])).toMatchObject([
      { value: 1 },
      { type: 'failed' },
      { value: 2 },
    ])
    expect(held()).toMatchObject({ value: 2 })
  })

  it('goes on where a log ends that was joined, or began anew', () => {
    const fold: Work = (statements) => statements.compact(name, { position: 2, update: Uint8Array.of(1, 1) })
    const remove: Work = (statements) => statements.remove(name)
    const values = database.write([append, append, fold, append, remove, append, append, fold, append])
    expect(values.map((answer) => answer.type === 'done' && answer.value)).toEqual([
      1,
      2,
      undefined,
      3,
      undefined,
      1,
      2,
      undefined,
      3,
    ])
    expect(held()).toMatchObject({ value: 1 })
  })

  it('goes on where a log ends after a batch of which nothing came to be written', () => {
    database.write([append])
    const refused: Work = (statements) => {
      append(statements)
      throw Object.assign(new Error('as SQLite says it'), { errcode: full })
    }
    database.write([append, refused, append])
    database.write([append, failing(ioError)])
    expect(database.write([append])).toMatchObject([{ value: 4 }])
    expect(held()).toMatchObject({ value: 4 })
  })

  it('reads again what it could not when the disk turns out to be well', () => {
    database.write([
      (statements) => statements.append(name, new Uint8Array(40_000).fill(7), { create: true }),
    ])
    database.close()
    const path = join(folder, 'quire.db')
    const whole = readFileSync(path)
    const spoilt = Buffer.from(whole)
    const inside = whole.indexOf(Buffer.alloc(4000, 7)) + 8192
    spoilt.writeUInt32BE(0x7fffffff, inside - (inside % 4096))
    writeFileSync(path, spoilt)
    // The time is asked once the disk has been looked at.
    database = new Database(folder, () => {
      writeFileSync(path, whole, { flag: 'r+' })
      return nowMs
    })
    expect(held()).toMatchObject({ value: 1 })
  })

  it('reads what it can whatever becomes of a read before', () => {
    database.write([append])
    for (const errcode of [ioError, corrupt, full]) {
      expect(database.read(failing(errcode))).toMatchObject({ type: 'failed' })
      expect(database.read(load)).toMatchObject({ type: 'done' })
    }
  })
})
