/**
 * The tables in `quire.db` and the statements on them, synchronous and transactional. Lives in the writer thread:
 * one connection writes, reads and checkpoints, so that nothing else can.
 */
import { closeSync, mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { crc32 } from 'node:zlib'
import { assert, isRole, type DocumentName } from '@quire/protocol'
import {
  StorageError,
  type AppendOptions,
  type Base,
  type LogEntry,
  type NewDocument,
  type StoredDocument,
  type StoredLink,
} from '../document-store.ts'

/** "Quir" in ASCII, so that `file` and we can tell the database from another program's. */
const applicationId = 0x51756972
const schemaVersion = 1

const schema = `
  CREATE TABLE documents (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    created_at INTEGER NOT NULL DEFAULT (unixepoch())
  ) STRICT;
  CREATE TABLE log (
    document INTEGER NOT NULL REFERENCES documents (id),
    position INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    checksum INTEGER NOT NULL,
    UNIQUE (document, position)
  ) STRICT;
  CREATE TABLE bases (
    document INTEGER PRIMARY KEY REFERENCES documents (id),
    position INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    checksum INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE links (
    document INTEGER NOT NULL REFERENCES documents (id),
    id TEXT NOT NULL,
    role TEXT NOT NULL,
    key_hash BLOB NOT NULL UNIQUE,
    created_at INTEGER NOT NULL DEFAULT (unixepoch()),
    PRIMARY KEY (document, id)
  ) STRICT;
`

export class Database {
  readonly #lock: DatabaseSync
  readonly #path: string
  #open: { readonly database: DatabaseSync; readonly statements: Statements } | undefined

  /** Opens or makes the database in `folder`, and keeps any other server out of it. Throws an Error whose message says what to do. */
  constructor(folder: string) {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    this.#lock = lock(join(folder, 'quire.lock'))
    this.#path = join(folder, 'quire.db')
    try {
      this.#open = open(this.#path)
    } catch (error) {
      this.#lock.close()
      throw error
    }
  }

  /**
   * Runs `work` in one transaction that is durable when this returns. After a failure the connection is opened
   * anew, since nothing can be known of its state: a failed fsync is never tried again.
   */
  transaction<Result>(work: (statements: Statements) => Result): Result {
    try {
      this.#open ??= open(this.#path)
      const { database, statements } = this.#open
      database.exec('BEGIN IMMEDIATE')
      const result = work(statements)
      database.exec('COMMIT')
      return result
    } catch (cause) {
      const broken = this.#open
      this.#open = undefined
      try {
        broken?.database.close()
      } catch {
        // It is being thrown away for a reason that is already on its way up.
      }
      throw new StorageError('unavailable', 'the database failed', { cause })
    }
  }

  close(): void {
    this.#open?.database.close()
    this.#open = undefined
    if (this.#lock.isOpen) this.#lock.close()
  }
}

/** Held as long as the process lives, and released by the system if it is killed. */
function lock(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: 0 })
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
    return database
  } catch (cause) {
    database.close()
    throw new Error('another server is using it', { cause })
  }
}

function open(path: string): { database: DatabaseSync; statements: Statements } {
  closeSync(openSync(path, 'a', 0o600))
  const database = new DatabaseSync(path, { enableForeignKeyConstraints: true, timeout: 5000 })
  try {
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
    assert(pragma(database, 'journal_mode') === 'wal', 'the database keeps a write-ahead log')
    assert(pragma(database, 'synchronous') === 2, 'every commit is synced to disk')
    migrate(database)
    return { database, statements: new Statements(database) }
  } catch (error) {
    database.close()
    throw error
  }
}

function migrate(database: DatabaseSync): void {
  const found = pragma(database, 'application_id')
  const version = pragma(database, 'user_version')
  if (found === applicationId && version === schemaVersion) return
  if (found === applicationId)
    throw new Error(`quire.db has schema ${String(version)}, this server knows ${schemaVersion}`)
  const tables = database.prepare('SELECT count(*) AS count FROM sqlite_schema').get()
  if (tables?.['count'] !== 0) throw new Error("quire.db is another program's database")
  database.exec(
    `BEGIN; ${schema} PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${schemaVersion}; COMMIT`,
  )
}

function pragma(database: DatabaseSync, name: string): unknown {
  return Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0]
}

/** What can be done inside a transaction. Throws `StorageError` for what is wrong with a request rather than with the disk. */
export class Statements {
  readonly #findDocument: StatementSync
  readonly #insertDocument: StatementSync
  readonly #insertLink: StatementSync
  readonly #insertEntry: StatementSync
  readonly #head: StatementSync
  readonly #base: StatementSync
  readonly #tail: StatementSync
  readonly #putBase: StatementSync
  readonly #trimLog: StatementSync
  readonly #anyLink: StatementSync
  readonly #findLink: StatementSync

  constructor(database: DatabaseSync) {
    const prepare = (sql: string): StatementSync => database.prepare(sql)
    this.#findDocument = prepare('SELECT id FROM documents WHERE name = ?')
    this.#insertDocument = prepare('INSERT INTO documents (name) VALUES (?) ON CONFLICT DO NOTHING')
    this.#insertLink = prepare('INSERT INTO links (document, id, role, key_hash) VALUES (?, ?, ?, ?)')
    this.#insertEntry = prepare('INSERT INTO log (document, position, bytes, checksum) VALUES (?, ?, ?, ?)')
    this.#head = prepare(
      `SELECT max(coalesce((SELECT max(position) FROM log WHERE document = :document), 0),
                  coalesce((SELECT position FROM bases WHERE document = :document), 0)) AS position`,
    )
    this.#base = prepare('SELECT position, bytes, checksum FROM bases WHERE document = ?')
    this.#tail = prepare('SELECT position, bytes, checksum FROM log WHERE document = ? ORDER BY position')
    this.#putBase = prepare(
      `INSERT INTO bases (document, position, bytes, checksum) VALUES (?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET position = excluded.position, bytes = excluded.bytes, checksum = excluded.checksum
       WHERE excluded.position > bases.position`,
    )
    this.#trimLog = prepare('DELETE FROM log WHERE document = ? AND position <= ?')
    this.#anyLink = prepare('SELECT 1 FROM links WHERE document = ? LIMIT 1')
    this.#findLink = prepare('SELECT id, role FROM links WHERE document = ? AND key_hash = ?')
  }

  create({ name, links, update }: NewDocument): void {
    if (this.#insertDocument.run(name).changes === 0)
      throw new StorageError('document-exists', 'there is such a document already')
    const document = this.#idOf(name)
    for (const link of links) this.#insertLink.run(document, link.id, link.role, link.keyHash)
    if (update) this.#insertEntry.run(document, 1, update, crc32(update))
  }

  append(name: DocumentName, update: Uint8Array, options?: AppendOptions): number {
    if (options?.create) this.#insertDocument.run(name)
    const document = this.#idOf(name)
    const position = Number(this.#head.get({ document })?.['position']) + 1
    this.#insertEntry.run(document, position, update, crc32(update))
    return position
  }

  load(name: DocumentName): StoredDocument | undefined {
    const document = this.#findDocument.get(name)?.['id']
    if (typeof document !== 'number') return undefined
    const baseRow = this.#base.get(document)
    const base = baseRow && entryOf(baseRow)
    let expected = (base?.position ?? 0) + 1
    const tail: LogEntry[] = []
    for (const row of this.#tail.iterate(document)) {
      const entry = entryOf(row)
      if (entry.position !== expected++) throw new StorageError('damaged', 'an entry of the log is missing')
      tail.push(entry)
    }
    return { base, tail }
  }

  compact(name: DocumentName, { position, update }: Base): void {
    const document = this.#idOf(name)
    this.#putBase.run(document, position, update, crc32(update))
    this.#trimLog.run(document, position)
  }

  hasLinks(name: DocumentName): boolean {
    const document = this.#findDocument.get(name)?.['id']
    return typeof document === 'number' && this.#anyLink.get(document) !== undefined
  }

  findLink(name: DocumentName, keyHash: Uint8Array): StoredLink | undefined {
    const document = this.#findDocument.get(name)?.['id']
    if (typeof document !== 'number') return undefined
    const row = this.#findLink.get(document, keyHash)
    if (!row) return undefined
    const { id, role } = row
    assert(typeof id === 'string' && isRole(role), 'links hold an id and a role')
    return { id, role, keyHash }
  }

  #idOf(name: DocumentName): number {
    const id = this.#findDocument.get(name)?.['id']
    if (typeof id !== 'number') throw new StorageError('document-unknown', 'there is no such document')
    return id
  }
}

function entryOf(row: Record<string, unknown>): LogEntry {
  const { position, bytes, checksum } = row
  assert(typeof position === 'number' && bytes instanceof Uint8Array, 'entries hold a position and bytes')
  if (crc32(bytes) !== checksum) throw new StorageError('damaged', 'stored bytes do not match their checksum')
  return { position, update: bytes }
}
