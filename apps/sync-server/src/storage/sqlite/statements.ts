/** What can be done with what is stored. Throws `StorageError` for what is wrong with a request or with stored bytes. */
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { assert, isRole, type DocumentName } from '@quire/protocol'
import {
  maxWritersPerClient,
  StorageError,
  isFoundIn,
  type AppendOptions,
  type Base,
  type DocumentFacts,
  type DocumentOrder,
  type LinkChange,
  type LogEntry,
  type LongLog,
  type NewDocument,
  type NewLink,
  type Page,
  type StoredDocument,
  type StoredLink,
  type StoredWriter,
  type Totals,
  type Unopened,
  type Writer,
} from '../document-store.ts'
import { checksumOf } from './checksum.ts'
import { failureOf, messageOf } from './failure.ts'
import { salvage, type SalvagedRow } from './salvage.ts'
import { unknownHead } from './schema.ts'
import { sealedColumns, sealedTables, Seals, type SealedTable } from './seals.ts'
import { Uptime } from './uptime.ts'

const linkColumns = `rowid AS row, id, role, key_hash, label, expires_at, created_at, max_uses, seen, (
  SELECT count(*) FROM link_uses WHERE link_uses.document = links.document AND link = links.id
) AS uses`

/** What is kept of a document besides its text, and how it is called when it is not what was written. */
const companions = {
  documents: 'what it is called',
  openings: 'when it was last opened',
  extents: 'how far its log goes',
  titles: 'the title that was noted',
  links: 'a link',
  link_uses: 'whom a link let in',
  writers: 'who wrote in it',
} as const satisfies Record<SealedTable, string>

const factsOf = `SELECT name, created_at, changed_at, opened_at, hour, base, head, base_bytes, tail_bytes, title,
  (SELECT count(*) FROM links WHERE links.document = documents.id) AS links
  FROM documents LEFT JOIN extents ON extents.document = id
  LEFT JOIN openings ON openings.document = id
  LEFT JOIN titles ON titles.document = id AND titles.position = head`

const orders: Readonly<Record<DocumentOrder, string>> = {
  changed: 'coalesce(changed_at, created_at) DESC',
  created: 'created_at DESC',
  opened: 'opened_at DESC',
  size: 'base_bytes + tail_bytes DESC',
  entries: 'head DESC',
  id: 'name',
}

export class Statements {
  readonly #database: DatabaseSync
  readonly #seals: Seals
  readonly #uptime: Uptime
  readonly #findDocument: StatementSync
  readonly #findDocumentAgain: StatementSync
  readonly #insertDocument: StatementSync
  readonly #insertLink: StatementSync
  readonly #insertExtent: StatementSync
  readonly #extent: StatementSync
  readonly #advance: StatementSync
  readonly #insertEntry: StatementSync
  readonly #base: StatementSync
  readonly #tail: StatementSync
  readonly #putBase: StatementSync
  readonly #trimLog: StatementSync
  readonly #moveBase: StatementSync
  readonly #longLogs: StatementSync
  readonly #anyLink: StatementSync
  readonly #findLink: StatementSync
  readonly #findLinkById: StatementSync
  readonly #links: StatementSync
  readonly #removeLink: StatementSync
  readonly #changeLink: StatementSync
  readonly #useLink: StatementSync
  readonly #mayUseLink: StatementSync
  readonly #removals: readonly StatementSync[]
  readonly #noteWriter: StatementSync
  readonly #writer: StatementSync
  readonly #writers: StatementSync
  readonly #inventory: Readonly<Record<DocumentOrder, StatementSync>>
  readonly #facts: StatementSync
  readonly #totals: StatementSync
  readonly #noteOpened: StatementSync
  readonly #opened: StatementSync
  readonly #unopened: StatementSync
  readonly #noteTitle: StatementSync
  readonly #touch: StatementSync

  constructor(database: DatabaseSync) {
    this.#database = database
    this.#seals = new Seals(database)
    this.#uptime = new Uptime(database)
    const prepare = (sql: string): StatementSync => database.prepare(sql)
    database.function('is_found_in', (text, find) => Number(isFoundIn(String(text ?? ''), String(find))))
    // The id as the index by name has it, and the name as the row with that id has it.
    this.#findDocument = prepare(
      `SELECT found.id, row.name FROM documents AS found INDEXED BY sqlite_autoindex_documents_1
       LEFT JOIN documents AS row ON row.rowid = found.id WHERE found.name = ?`,
    )
    this.#findDocumentAgain = prepare(
      'SELECT id FROM documents INDEXED BY documents_by_name_again WHERE name = ?',
    )
    this.#insertDocument = prepare('INSERT INTO documents (name) VALUES (?) RETURNING id')
    this.#insertLink = prepare(
      `INSERT INTO links (document, id, role, key_hash, label, expires_at, max_uses, seen)
       VALUES (:document, :id, :role, :keyHash, :label, :expiresAt, :maxUses, :seen) ON CONFLICT DO NOTHING RETURNING ${linkColumns}`,
    )
    this.#insertExtent = prepare(
      'INSERT INTO extents (document, base, head, base_bytes, tail_bytes) VALUES (?, 0, 0, 0, 0)',
    )
    this.#extent = prepare('SELECT base, head, base_bytes, tail_bytes FROM extents WHERE document = ?')
    this.#advance = prepare(
      `UPDATE extents SET head = head + 1, tail_bytes = tail_bytes + :bytes, changed_at = unixepoch()
       WHERE document = :document
       RETURNING ${sealedColumns.extents.join(', ')}`,
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
    // A scan of a small table, since an index would cost every append another page.
    this.#longLogs = prepare(
      `SELECT name FROM extents CROSS JOIN documents ON id = document
       WHERE head - base >= :entries OR tail_bytes > max(:bytes, base_bytes)
       ORDER BY head - base DESC, tail_bytes DESC LIMIT :limit`,
    )
    this.#anyLink = prepare('SELECT 1 FROM links WHERE document = ? LIMIT 1')
    this.#findLink = prepare(`SELECT ${linkColumns} FROM links WHERE document = ? AND key_hash = ?`)
    this.#findLinkById = prepare(`SELECT ${linkColumns} FROM links WHERE document = ? AND id = ?`)
    this.#links = prepare(`SELECT ${linkColumns} FROM links WHERE document = ? ORDER BY created_at, rowid`)
    this.#removeLink = prepare('DELETE FROM links WHERE document = ? AND id = ?')
    this.#changeLink = prepare(
      `UPDATE links SET role = :role, label = :label, expires_at = :expiresAt, max_uses = :maxUses,
         seen = :seen
       WHERE document = :document AND id = :id RETURNING ${linkColumns}`,
    )
    this.#useLink = prepare(
      `INSERT INTO link_uses (document, link, user)
       SELECT :document, :id, :user FROM links WHERE document = :document AND id = :id
         AND (SELECT count(*) FROM link_uses WHERE document = :document AND link = :id) < max_uses
       ON CONFLICT DO NOTHING RETURNING rowid AS row`,
    )
    this.#mayUseLink = prepare(
      `SELECT 1 FROM links WHERE document = :document AND id = :id AND (max_uses IS NULL
         OR EXISTS (SELECT 1 FROM link_uses WHERE document = :document AND link = :id AND user = :user))`,
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
    const inventory = (order: DocumentOrder): StatementSync =>
      prepare(
        `${factsOf} WHERE name > :after AND (:openedBefore IS NULL OR hour <= :openedBefore)
            AND (:find = '' OR is_found_in(name, :find) OR
              is_found_in((SELECT title FROM titles WHERE document = documents.id), :find))
          ORDER BY ${orders[order]}, name LIMIT :limit`,
      )
    this.#inventory = {
      changed: inventory('changed'),
      created: inventory('created'),
      opened: inventory('opened'),
      size: inventory('size'),
      entries: inventory('entries'),
      id: inventory('id'),
    }
    this.#facts = prepare(`${factsOf} WHERE id = ?`)
    this.#totals = prepare(
      `SELECT (SELECT count(*) FROM documents) AS documents, (SELECT count(*) FROM links) AS links,
         (SELECT coalesce(sum(base_bytes + tail_bytes), 0) FROM extents) AS bytes`,
    )
    this.#noteOpened = prepare(
      `INSERT INTO openings (document, hour) VALUES (:document, :hour)
       ON CONFLICT DO UPDATE SET hour = excluded.hour, opened_at = excluded.opened_at`,
    )
    this.#opened = prepare('SELECT hour FROM openings WHERE document = ?')
    this.#unopened = prepare(
      `SELECT count(*) AS documents, coalesce(sum(base_bytes + tail_bytes), 0) AS bytes
       FROM openings JOIN extents ON extents.document = openings.document WHERE hour <= ?`,
    )
    this.#noteTitle = prepare(
      `INSERT INTO titles (document, position, title) VALUES (:document, :position, :text)
       ON CONFLICT DO UPDATE SET position = excluded.position, title = excluded.title
       WHERE excluded.position > titles.position RETURNING document`,
    )
    this.#touch = prepare('UPDATE checks SET times = times + 1')
  }

  create({ name, links, update }: NewDocument): void {
    if (this.#find(name) !== undefined)
      throw new StorageError('document-exists', 'there is such a document already')
    const document = this.#make(name)
    for (const link of links) this.#addLink(document, link)
    if (update) this.#add(document, update)
  }

  append(name: DocumentName, update: Uint8Array, options?: AppendOptions): number {
    const known = this.#find(name)
    if (known === undefined && !options?.create) throw unknownDocument()
    const document = known ?? this.#make(name)
    const position = this.#add(document, update)
    for (const writer of options?.writers ?? []) this.#note(document, writer)
    return position
  }

  load(name: DocumentName): StoredDocument | undefined {
    const document = this.#find(name)
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
    for (const table of sealedTables) this.#demandSeals(table, document)
    this.#hourOpened(document)
    return { base, tail }
  }

  writers(name: DocumentName): StoredWriter[] {
    const document = this.#known(name)
    this.#demandSeals('writers', document)
    return reading('who wrote in it', () => this.#writers.all(document)).map(writerIn)
  }

  compact(name: DocumentName, { position, update }: Base): void {
    const document = this.#known(name)
    const put = this.#putBase.run(document, position, update, checksumOf(document, position, update))
    if (put.changes === 0) return // a newer one is there
    this.#trimLog.run(document, position)
    this.#moveBase.run({ document, position, bytes: update.length })
    this.#seals.seal('extents', document)
  }

  longLogs({ entries, bytes }: LongLog, limit: number): DocumentName[] {
    // Only names that were parsed are ever stored.
    return this.#longLogs.all({ entries, bytes, limit }).map(({ name }) => String(name) as DocumentName)
  }

  hasLinks(name: DocumentName): boolean {
    const document = this.#find(name)
    if (document === undefined) return false
    return reading('its links', () => this.#anyLink.get(document)) !== undefined
  }

  findLink(name: DocumentName, keyHash: Uint8Array): StoredLink | undefined {
    const document = this.#find(name)
    if (document === undefined) return undefined
    return this.#oneLink(document, () => this.#findLink.get(document, keyHash))
  }

  findLinkById(name: DocumentName, id: string): StoredLink | undefined {
    const document = this.#find(name)
    if (document === undefined) return undefined
    return this.#oneLink(document, () => this.#findLinkById.get(document, id))
  }

  links(name: DocumentName): StoredLink[] {
    const document = this.#known(name)
    this.#demandSeals('links', document)
    return reading('its links', () => this.#links.all(document)).map(linkIn)
  }

  addLink(name: DocumentName, link: NewLink): StoredLink {
    return this.#addLink(this.#known(name), link)
  }

  removeLink(name: DocumentName, id: string): boolean {
    return this.#removeLink.run(this.#known(name), id).changes > 0
  }

  changeLink(name: DocumentName, id: string, change: LinkChange): StoredLink | undefined {
    const document = this.#known(name)
    const link = this.findLinkById(name, id)
    if (!link) return undefined
    const { role = link.role, label = link.label, isSeen = link.isSeen } = change
    const { expiresAt = link.expiresAt ?? null, maxUses = link.maxUses ?? null } = change
    const row = this.#changeLink.get({ document, id, role, label, expiresAt, maxUses, seen: Number(isSeen) })
    return row && this.#sealedLink(row)
  }

  useLink(name: DocumentName, id: string, user: string): boolean {
    const document = this.#known(name)
    const row = this.#useLink.get({ document, id, user })
    if (row) this.#seals.seal('link_uses', rowIn(row))
    return this.#mayUseLink.get({ document, id, user }) !== undefined
  }

  replaceLinks(name: DocumentName, ids: readonly string[] | 'all', links: readonly NewLink[]): StoredLink[] {
    const document = this.#known(name)
    const old = ids === 'all' ? this.links(name).map(({ id }) => id) : ids
    for (const id of old) this.#removeLink.run(document, id)
    return links.map((link) => this.#addLink(document, link))
  }

  remove(name: DocumentName): void {
    const document = this.#known(name)
    for (const removal of this.#removals) removal.run(document)
  }

  documents({ order, limit, after, find = '', unopenedHours }: Page): DocumentFacts[] {
    const hours = this.#uptime.hours
    const openedBefore = unopenedHours === undefined ? null : this.#hourBefore(unopenedHours)
    return this.#inventory[order].all({ limit, after, find, openedBefore }).map((row) => factsIn(row, hours))
  }

  facts(name: DocumentName): DocumentFacts {
    const row = this.#facts.get(this.#known(name))
    if (!row) throw unknownDocument()
    return factsIn(row, this.#uptime.hours)
  }

  totals(): Totals {
    const { documents, links, bytes } = this.#totals.get() ?? {}
    return { documents: Number(documents), links: Number(links), bytes: Number(bytes) }
  }

  noteTitle(name: DocumentName, { position, text }: { position: number; text: string }): void {
    const document = this.#find(name)
    if (document === undefined) return
    if (this.#noteTitle.get({ document, position, text })) this.#seals.seal('titles', document)
  }

  noteOpened(name: DocumentName): void {
    const document = this.#find(name)
    if (document !== undefined) this.#open(document)
  }

  /** Undefined if it is not what was written. */
  get uptimeHours(): number | undefined {
    return this.#uptime.hours
  }

  passHour(): void {
    this.#uptime.passHour()
  }

  keepFor(days: number | undefined): number {
    return this.#uptime.keepFor(days ?? null)
  }

  unopened(hours: number): Unopened {
    const { documents, bytes } = this.#unopened.get(this.#hourBefore(hours)) ?? {}
    return { documents: Number(documents), bytes: Number(bytes) }
  }

  /** Loads it, so that nothing of which anything is damaged goes. */
  removeUnopened(name: DocumentName, hours: number): boolean {
    if (!this.load(name)) return false
    if (this.#hourOpened(this.#known(name)) > this.#hourBefore(hours)) return false
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

  /**
   * Two indexes and the row itself are asked, so that no damage to one of them makes a document look as if nobody had
   * made it, or another's id be taken for its own.
   */
  #find(name: DocumentName): number | undefined {
    return reading('where it is kept', () => {
      const found = this.#findDocument.get(name)
      if (found) return idIn(found, name)
      if (this.#findDocumentAgain.get(name)) throw damaged('its name is missing from an index')
      return undefined
    })
  }

  #known(name: DocumentName): number {
    const document = this.#find(name)
    if (document === undefined) throw unknownDocument()
    return document
  }

  #addLink(document: number, { id, role, keyHash, label = '', ...link }: NewLink): StoredLink {
    const { expiresAt = null, maxUses = null, isSeen = true } = link
    const limits = { expiresAt, maxUses, seen: Number(isSeen) }
    const row = this.#insertLink.get({ document, id, role, keyHash, label, ...limits })
    if (!row) throw new StorageError('link-exists', 'there is such a link already')
    return this.#sealedLink(row)
  }

  #sealedLink(row: Record<string, unknown>): StoredLink {
    this.#seals.seal('links', rowIn(row))
    return linkIn(row)
  }

  /** If it is not found, that may be because it is not what it was. */
  #oneLink(document: number, find: () => Record<string, unknown> | undefined): StoredLink | undefined {
    const row = reading('its links', find)
    if (!row) this.#demandSeals('links', document)
    else this.#demandSeal('links', rowIn(row))
    return row && linkIn(row)
  }

  #demandSeals(table: SealedTable, document: number): void {
    const what = companions[table]
    if (!reading(what, () => this.#seals.allHold(table, document))) throw notAsSealed(table)
  }

  #demandSeal(table: SealedTable, row: number): void {
    const what = companions[table]
    if (!reading(what, () => this.#seals.holds(table, row))) throw notAsSealed(table)
  }

  #make(name: DocumentName): number {
    const document = this.#insertDocument.get(name)?.['id']
    assert(typeof document === 'number', 'a new document has an id')
    this.#seals.seal('documents', document)
    this.#insertExtent.run(document)
    this.#seals.seal('extents', document)
    this.#open(document)
    return document
  }

  #open(document: number): void {
    this.#noteOpened.run({ document, hour: this.#uptime.hours ?? 0 })
    this.#seals.seal('openings', document)
  }

  #hourOpened(document: number): number {
    const row = reading(companions.openings, () => this.#opened.get(document))
    if (typeof row?.['hour'] !== 'number') throw damaged('when it was last opened is not known')
    return row['hour']
  }

  /** What was opened in it or earlier has not been opened for so many hours; before all others if nobody knows which that is. */
  #hourBefore(hours: number): number {
    return (this.#uptime.hours ?? -1) - hours
  }

  #add(document: number, update: Uint8Array): number {
    const extent = this.#advance.get({ document, bytes: update.length })
    const position = extent?.['head']
    if (!extent || typeof position !== 'number' || position === unknownHead + 1) throw unknownExtent()
    this.#insertEntry.run(document, position, update, checksumOf(document, position, update))
    // Without a look at what it was: all but the time is held against the log whenever that is loaded.
    this.#seals.sealAs('extents', document, extent)
    return position
  }

  #note(document: number, { clientId, userId, name, part, clock }: Writer): void {
    const key = { document, client: clientId, user: userId }
    const known = this.#writer.get(key)
    if (known) this.#demandSeal('writers', rowIn(known))
    const row = this.#noteWriter.get({ ...key, name, wrote: Number(part === 'wrote'), clock })
    if (row) this.#seals.seal('writers', rowIn(row))
  }

  #extentOf(document: number): Extent {
    const row = reading('how far its log goes', () => this.#extent.get(document)) ?? {}
    const { base, head, base_bytes: baseBytes, tail_bytes: tailBytes } = row
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
      for (const row of this.#tail.iterate(document)) {
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
  readonly head: number
  readonly baseBytes: number
  readonly tailBytes: number
}

function lengthOf(entries: readonly LogEntry[]): number {
  return entries.reduce((bytes, { update }) => bytes + update.length, 0)
}

function rowIn({ row }: Record<string, unknown>): number {
  if (typeof row !== 'number') throw damaged('a row has no number')
  return row
}

function idIn({ id, name: nameThere }: Record<string, unknown>, name: DocumentName): number {
  if (typeof id !== 'number' || nameThere !== name) throw damaged('an index leads to another document')
  return id
}

function linkIn(row: Record<string, unknown>): StoredLink {
  const { id, role, key_hash: keyHash, label, created_at: createdAt, uses } = row
  const { expires_at: expiresAt, max_uses: maxUses, seen } = row
  const isLink =
    typeof id === 'string' &&
    isRole(role) &&
    keyHash instanceof Uint8Array &&
    typeof label === 'string' &&
    (typeof expiresAt === 'number' || expiresAt === null) &&
    (typeof maxUses === 'number' || maxUses === null) &&
    typeof seen === 'number' &&
    typeof uses === 'number' &&
    typeof createdAt === 'number'
  if (!isLink) throw damaged('a link is not one')
  const limits = { expiresAt: expiresAt ?? undefined, maxUses: maxUses ?? undefined, isSeen: seen !== 0 }
  return { id, role, keyHash, label, ...limits, uses, createdAt }
}

function factsIn(row: Record<string, unknown>, hours: number | undefined): DocumentFacts {
  const { name, created_at: createdAt, changed_at: changedAt, base, head, title, links } = row
  const { opened_at: openedAt, hour } = row
  const isKnown = typeof base === 'number' && typeof head === 'number' && head !== unknownHead
  return {
    name: String(name) as DocumentName, // only names that were parsed are ever stored
    createdAt: Number(createdAt),
    changedAt: typeof changedAt === 'number' ? changedAt : undefined,
    openedAt: typeof openedAt === 'number' ? openedAt : undefined,
    unopenedHours: hours === undefined || typeof hour !== 'number' ? undefined : Math.max(0, hours - hour),
    extent: isKnown ? { base, head } : undefined,
    baseBytes: Number(row['base_bytes'] ?? 0),
    tailBytes: Number(row['tail_bytes'] ?? 0),
    links: Number(links),
    title: typeof title === 'string' ? title : undefined,
  }
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

/** Says what it was that could not be read. */
function reading<Result>(what: string | (() => string), read: () => Result): Result {
  try {
    return read()
  } catch (cause) {
    if (cause instanceof StorageError || failureOf(cause) !== 'damage') throw cause
    const subject = typeof what === 'string' ? what : what()
    throw damaged(`${subject} cannot be read: ${messageOf(cause)}`, { cause })
  }
}

function entryNamed(position: number): string {
  return `entry ${position} of the log`
}

function unknownExtent(): StorageError {
  return damaged('how far its log goes is not known')
}

function notAsSealed(table: SealedTable): StorageError {
  return damaged(`${companions[table]} does not match its checksum`)
}

function damaged(reason: string, options?: ErrorOptions): StorageError {
  return new StorageError('damaged', reason, options)
}

function unknownDocument(): StorageError {
  return new StorageError('document-unknown', 'there is no such document')
}
