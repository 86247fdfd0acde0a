/** What can be done with what is stored. Throws `StorageError` for what is wrong with a request or with stored bytes. */
import type { DatabaseSync, StatementSync } from 'node:sqlite'
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
