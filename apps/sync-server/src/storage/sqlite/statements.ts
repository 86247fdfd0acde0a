/** What can be done with what is stored. Throws `StorageError` for what is wrong with a request or with stored bytes. */
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { assert, type DocumentName } from '@quire/protocol'
import {
  maxWritersPerClient,
  StorageError,
  type AppendOptions,
  type Base,
  type LogEntry,
  type NewDocument,
  type StoredDocument,
  type StoredWriter,
  type Writer,
} from '../document-store.ts'
import { checksumOf } from './checksum.ts'
import { Links } from './links.ts'
import { Lists } from './lists.ts'
import { Lookup } from './lookup.ts'
import { Openings } from './openings.ts'
import { damaged, prepareValues, reading, rowIn, rowsOf, unknownDocument, type ValuesOf } from './reading.ts'
import { salvage, type SalvagedRow } from './salvage.ts'
import { unknownHead } from './schema.ts'
import { recordTables, sealOf, Seals, servedTables } from './seals.ts'
import { Uptime } from './uptime.ts'

export class Statements {
  readonly links: Links
  readonly lists: Lists
  readonly uptime: Uptime
  readonly #database: DatabaseSync
  readonly #lookup: Lookup
  readonly #seals: Seals
  readonly #openings: Openings
  readonly #insertDocument: StatementSync
  readonly #insertExtent: StatementSync
  readonly #extent: ValuesOf
  readonly #advance: StatementSync
  readonly #insertEntry: StatementSync
  readonly #base: StatementSync
  readonly #tail: StatementSync
  readonly #putBase: StatementSync
  readonly #trimLog: StatementSync
  readonly #moveBase: StatementSync
  readonly #removals: readonly StatementSync[]
  readonly #noteWriter: StatementSync
  readonly #writer: StatementSync
  readonly #writers: StatementSync
  readonly #noteTitle: StatementSync
  readonly #touch: StatementSync
  /** Those that were appended to of late: to find out where one stands takes as long as to append to it. */
  readonly #standings = new Map<DocumentName, Standing>()

  constructor(database: DatabaseSync) {
    this.#database = database
    this.#lookup = new Lookup(database)
    this.#seals = new Seals(database)
    this.uptime = new Uptime(database)
    this.#openings = new Openings(database, { uptime: this.uptime, seals: this.#seals })
    this.links = new Links(database, { lookup: this.#lookup, seals: this.#seals })
    this.lists = new Lists(database, { lookup: this.#lookup, openings: this.#openings })
    const prepare = (sql: string): StatementSync => database.prepare(sql)
    this.#insertDocument = prepare('INSERT INTO documents (name) VALUES (?) RETURNING id')
    this.#insertExtent = prepare(
      'INSERT INTO extents (document, base, head, base_bytes, tail_bytes) VALUES (?, 0, 0, 0, 0)',
    )
    this.#extent = prepareValues(
      database,
      'SELECT base, head, base_bytes, tail_bytes FROM extents WHERE document = ?',
    )
    this.#advance = prepare(
      'UPDATE extents SET head = ?, tail_bytes = ?, changed_at = ?, checksum = ? WHERE document = ?',
    )
    this.#insertEntry = prepare('INSERT INTO log (document, position, bytes, checksum) VALUES (?, ?, ?, ?)')
    this.#base = prepare('SELECT position, bytes, checksum FROM bases WHERE document = ?')
    // What the row itself says: the index has a copy of where it belongs.
    this.#tail = prepare(
      `SELECT row.document, row.position, row.bytes, row.checksum
       FROM log AS found INDEXED BY sqlite_autoindex_log_1 LEFT JOIN log AS row ON row.rowid = found.rowid
       WHERE found.document = ? ORDER BY found.position`,
    )
    this.#putBase = prepare(
      `INSERT INTO bases (document, position, bytes, checksum) VALUES (?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET position = excluded.position, bytes = excluded.bytes, checksum = excluded.checksum
       WHERE excluded.position > bases.position`,
    )
    this.#trimLog = prepare('DELETE FROM log WHERE document = ? AND position <= ?')
    this.#moveBase = prepare(
      `UPDATE extents SET base = :position, head = max(head, :position), base_bytes = :bytes,
         tail_bytes = (SELECT coalesce(sum(length(bytes)), 0) FROM log WHERE document = :document)
       WHERE document = :document`,
    )
    this.#removals = [
      ...['titles', 'writers', 'links', 'log', 'bases', 'extents', 'openings'].map(
        (table) => `DELETE FROM ${table} WHERE document = ?`,
      ),
      'DELETE FROM documents WHERE id = ?',
    ].map(prepare)
    this.#noteWriter = prepare(
      `INSERT INTO writers (document, client, user, name, wrote, clock)
       SELECT :document, :client, :user, :name, :wrote, :clock
       WHERE EXISTS (SELECT 1 FROM writers WHERE document = :document AND client = :client AND user = :user)
         OR (SELECT count(*) FROM writers WHERE document = :document AND client = :client) < ${maxWritersPerClient}
       ON CONFLICT DO UPDATE SET wrote = 1 WHERE excluded.wrote > writers.wrote RETURNING rowid AS row`,
    )
    this.#writer = prepare(
      'SELECT rowid AS row FROM writers WHERE document = :document AND client = :client AND user = :user',
    )
    this.#writers = prepare(
      `SELECT client, user, name, wrote, clock, first_seen_at FROM writers WHERE document = ?
       ORDER BY first_seen_at, rowid`,
    )
    this.#noteTitle = prepare(
      `INSERT INTO titles (document, position, title) VALUES (:document, :position, :text)
       ON CONFLICT DO UPDATE SET position = excluded.position, title = excluded.title
       WHERE excluded.position > titles.position RETURNING document`,
    )
    this.#touch = prepare('UPDATE checks SET times = times + 1')
  }

  create({ name, links, update }: NewDocument): void {
    if (this.#lookup.find(name) !== undefined)
      throw new StorageError('document-exists', 'there is such a document already')
    const document = this.#make(name)
    for (const link of links) this.links.addTo(document, link)
    if (update) this.#add({ document, ...this.#extentOf(document) }, update)
  }

  append(name: DocumentName, update: Uint8Array, options?: AppendOptions): number {
    const standing = this.#standings.get(name) ?? this.#standingOf(name, options?.create ?? false)
    const position = this.#add(standing, update)
    for (const writer of options?.writers ?? []) this.#note(standing.document, writer)
    return position
  }

  /** To be called whenever something that was written is undone. */
  forgetStandings(): void {
    this.#standings.clear()
  }

  /** What it takes to serve it. */
  load(name: DocumentName): StoredDocument | undefined {
    const document = this.#lookup.find(name)
    if (document === undefined) return undefined
    const extent = this.#extentOf(document)
    const base = this.#baseOf(document)
    if ((base?.position ?? 0) !== extent.base)
      throw damaged(`the base goes to entry ${base?.position ?? 0}, but went to entry ${extent.base}`)
    const tail = this.#tailOf(document, extent.base)
    const head = extent.base + tail.length
    if (head !== extent.head)
      throw damaged(`the log ends with entry ${head}, but ended with entry ${extent.head}`)
    if (lengthOf(base ? [base] : []) !== extent.baseBytes || lengthOf(tail) !== extent.tailBytes)
      throw damaged('how long its log is does not match what is there')
    for (const table of servedTables) this.#seals.demandAll(table, document)
    this.#openings.hourOf(document)
    return { base, tail }
  }

  /** The same, once everything else that is kept of it was found to be what was written. */
  loadVerified(name: DocumentName): StoredDocument | undefined {
    const stored = this.load(name)
    if (stored) for (const table of recordTables) this.#seals.demandAll(table, this.#lookup.known(name))
    return stored
  }

  writers(name: DocumentName): StoredWriter[] {
    const document = this.#lookup.known(name)
    this.#seals.demandAll('writers', document)
    return reading('who wrote in it', () => this.#writers.all(document)).map(writerIn)
  }

  compact(name: DocumentName, { position, update }: Base): void {
    const document = this.#lookup.known(name)
    this.#standings.delete(name)
    const put = this.#putBase.run(document, position, update, checksumOf(document, position, update))
    if (put.changes === 0) return // a newer one is there
    this.#trimLog.run(document, position)
    this.#moveBase.run({ document, position, bytes: update.length })
    this.#seals.seal('extents', document)
  }

  remove(name: DocumentName, ownerKeyHash?: Uint8Array): void {
    const document = this.#lookup.known(name)
    this.links.demandOwner(name, ownerKeyHash)
    this.#standings.delete(name)
    for (const removal of this.#removals) removal.run(document)
  }

  noteTitle(name: DocumentName, { position, text }: { position: number; text: string }): void {
    const document = this.#lookup.find(name)
    if (document === undefined) return
    if (this.#noteTitle.get({ document, position, text })) this.#seals.seal('titles', document)
  }

  noteOpened(name: DocumentName): void {
    const document = this.#lookup.find(name)
    if (document !== undefined) this.#openings.note(document)
  }

  /** Loads it, so that nothing of which anything is damaged goes. */
  removeUnopened(name: DocumentName, hours: number): boolean {
    if (!this.loadVerified(name)) return false
    if (this.#openings.hourOf(this.#lookup.known(name)) > this.#openings.hourBefore(hours)) return false
    this.remove(name)
    return true
  }

  /** Whatever of a document can still be read. Fails with `document-unknown`. */
  salvage(name: DocumentName): Iterable<SalvagedRow> {
    return salvage(this.#database, name)
  }

  /** Writes something. */
  touch(): void {
    this.#touch.run()
  }

  #make(name: DocumentName): number {
    const document = this.#insertDocument.get(name)?.['id']
    assert(typeof document === 'number', 'a new document has an id')
    this.#seals.seal('documents', document)
    this.#insertExtent.run(document)
    this.#seals.seal('extents', document)
    this.#openings.note(document)
    return document
  }

  #standingOf(name: DocumentName, create: boolean): Standing {
    const known = this.#lookup.find(name)
    if (known === undefined && !create) throw unknownDocument()
    const document = known ?? this.#make(name)
    const standing = { document, ...this.#extentOf(document) }
    if (this.#standings.size >= maxStandings) this.#standings.clear()
    this.#standings.set(name, standing)
    return standing
  }

  #add(standing: Standing, update: Uint8Array): number {
    const { document, base, baseBytes } = standing
    const position = standing.head + 1
    this.#insertEntry.run(document, position, update, checksumOf(document, position, update))
    const bytes = standing.tailBytes + update.length
    const changedAt = Math.floor(Date.now() / 1000)
    // Without a look at what it was: all but the time is held against the log whenever that is loaded.
    const row = {
      document,
      base,
      head: position,
      base_bytes: baseBytes,
      tail_bytes: bytes,
      changed_at: changedAt,
    }
    this.#advance.run(position, bytes, changedAt, sealOf('extents', row), document)
    standing.head = position
    standing.tailBytes = bytes
    return position
  }

  #note(document: number, { clientId, userId, name, part, clock }: Writer): void {
    const key = { document, client: clientId, user: userId }
    const known = this.#writer.get(key)
    // Nobody's words wait for that; nor is it made to look sound.
    if (known && !this.#seals.holds('writers', rowIn(known))) return
    const row = this.#noteWriter.get({ ...key, name, wrote: Number(part === 'wrote'), clock })
    if (row) this.#seals.seal('writers', rowIn(row))
  }

  #extentOf(document: number): Extent {
    const [base, head, baseBytes, tailBytes] =
      reading('how far its log goes', () => this.#extent(document)) ?? []
    if (typeof base !== 'number' || typeof head !== 'number' || head === unknownHead) throw unknownExtent()
    if (typeof baseBytes !== 'number' || typeof tailBytes !== 'number') throw unknownExtent()
    return { base, head, baseBytes, tailBytes }
  }

  #baseOf(document: number): Base | undefined {
    const row = reading('the base', () => this.#base.get(document))
    if (!row) return undefined
    const { position } = row
    if (typeof position !== 'number') throw damaged('the base has no position')
    return { position, update: bytesIn('the base', document, position, row) }
  }

  #tailOf(document: number, base: number): LogEntry[] {
    const tail: LogEntry[] = []
    const next = (): string => entryNamed(base + tail.length + 1)
    reading(next, () => {
      for (const row of rowsOf(this.#tail, document)) {
        const position = base + tail.length + 1
        if (row['position'] !== position || row['document'] !== document)
          throw damaged(`${next()} is missing`)
        tail.push({ position, update: bytesIn(next(), document, position, row) })
      }
    })
    return tail
  }
}

interface Extent {
  readonly base: number
  readonly baseBytes: number
  head: number
  tailBytes: number
}

/** A document's number, and how far its log goes by what this connection has written. */
interface Standing extends Extent {
  readonly document: number
}

const maxStandings = 10_000

function lengthOf(entries: readonly LogEntry[]): number {
  return entries.reduce((bytes, { update }) => bytes + update.length, 0)
}

function writerIn(row: Record<string, unknown>): StoredWriter {
  const { client: clientId, user: userId, name, wrote, clock, first_seen_at: firstSeenAt } = row
  const isWriter =
    typeof clientId === 'number' &&
    typeof userId === 'string' &&
    typeof name === 'string' &&
    typeof clock === 'number' &&
    typeof firstSeenAt === 'number'
  if (!isWriter) throw damaged('a writer is not one')
  return { clientId, userId, name, part: wrote === 1 ? 'wrote' : 'brought', clock, firstSeenAt }
}

function bytesIn(what: string, document: number, position: number, row: Record<string, unknown>): Uint8Array {
  const { bytes, checksum } = row
  if (!(bytes instanceof Uint8Array)) throw damaged(`${what} holds no bytes`)
  if (checksumOf(document, position, bytes) !== checksum) throw damaged(`${what} does not match its checksum`)
  return bytes
}

function entryNamed(position: number): string {
  return `entry ${position} of the log`
}

function unknownExtent(): StorageError {
  return damaged('how far its log goes is not known')
}
