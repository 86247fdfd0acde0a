/**
 * Everything that a database holds, held against what was written: its pages, each row, and each log as a room would
 * read it. Reads only, in one snapshot, so that a server may go on writing meanwhile.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import { admit, Ledger, parseDocumentName, ProtocolError, scan, unbounded } from '@quire/protocol'
import { StorageError, type LogEntry, type StoredDocument } from '../document-store.ts'
import { faultOfHeader } from './database-file.ts'
import { failureOf, messageOf } from './failure.ts'
import { isIntact, migrate, schemaVersion, versionOf } from './schema.ts'
import { Statements } from './statements.ts'

export interface Damage {
  /** The name of the document; undefined if it is not known whose it is. */
  readonly document: string | undefined
  /** Words that say what is wrong, and where. */
  readonly what: string
}

export interface Verification {
  readonly schema: number
  readonly documents: number
  /** Updates: bases count as one. */
  readonly entries: number
  /** Of the updates. */
  readonly bytes: number
  readonly damage: readonly Damage[]
}

export interface VerifyOptions {
  /** Nobody else has the file open or writes to it, as a file of a backup: nothing is made beside it. */
  readonly isStill: boolean
  /** Told now and then how many documents were looked at. */
  readonly tell?: (documents: number) => void
}

/** Throws an Error whose message says why nothing can be said of it: it is not there, another program's, a newer server's, or the disk fails. */
export function verifyDatabase(path: string, { isStill, tell }: VerifyOptions): Verification {
  const headerFault = faultOfHeader(path)
  if (headerFault !== undefined) return unreadable(`its header is damaged: ${headerFault}`)
  let database: DatabaseSync | undefined
  try {
    database = openToRead(path, { isStill })
    return verify(database, tell ?? (() => undefined))
  } catch (error) {
    if (!isFromSqlite(error) || failureOf(error) !== 'damage') throw error
    return unreadable(messageOf(error))
  } finally {
    database?.close()
  }
}

/** A connection of its own that writes nothing. */
export function openToRead(path: string, { isStill }: Pick<VerifyOptions, 'isStill'>): DatabaseSync {
  const url = pathToFileURL(path)
  url.searchParams.set('mode', 'ro')
  if (isStill) url.searchParams.set('immutable', '1')
  const database = new DatabaseSync(url, { readOnly: true, timeout: 5000 })
  database.exec('PRAGMA cell_size_check = ON')
  return database
}

function verify(database: DatabaseSync, tell: (documents: number) => void): Verification {
  database.exec('BEGIN')
  const schema = versionOf(database)
  const whole = [...damageToPages(database)]
  if (!isIntact(database)) {
    const damage = [...whole, { document: undefined, what: 'its tables are not those it was made with' }]
    return { schema, documents: 0, entries: 0, bytes: 0, damage }
  }
  if (schema === schemaVersion) return { schema, ...verifyDocuments(database, whole, tell) }
  return { schema, ...withCurrentSchema(database, (copy) => verifyDocuments(copy, whole, tell)) }
}

function* damageToPages(database: DatabaseSync): Iterable<Damage> {
  try {
    for (const row of database.prepare('PRAGMA integrity_check').iterate()) {
      const what = String(row['integrity_check'])
      if (what !== 'ok') yield { document: undefined, what }
    }
    for (const { table, rowid } of database.prepare('PRAGMA foreign_key_check').iterate())
      yield { document: undefined, what: `row ${String(rowid)} of ${String(table)} belongs to nothing` }
  } catch (error) {
    if (failureOf(error) !== 'damage') throw error
    yield { document: undefined, what: messageOf(error) }
  }
}

/** What an older server wrote is brought up to date as a new one would, which carries along what is damaged. */
function withCurrentSchema<Result>(database: DatabaseSync, work: (copy: DatabaseSync) => Result): Result {
  const folder = mkdtempSync(join(tmpdir(), 'quire-verify-'))
  try {
    const path = join(folder, 'quire.db')
    database.exec('COMMIT')
    database.prepare('VACUUM INTO ?').run(path)
    const copy = new DatabaseSync(path)
    try {
      migrate(copy, () => undefined)
      copy.exec('BEGIN')
      return work(copy)
    } finally {
      copy.close()
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function verifyDocuments(
  database: DatabaseSync,
  before: readonly Damage[],
  tell: (documents: number) => void,
): Omit<Verification, 'schema'> {
  const statements = new Statements(database)
  const { names, damage: unlisted } = documentsIn(database)
  const damage = [...before, ...unlisted]
  if (statements.uptime.hours === undefined)
    damage.push({ document: undefined, what: 'for how long servers have run is not what was written' })
  let [documents, entries, bytes] = [0, 0, 0]
  for (const name of names) {
    // An unusable page may have ended it.
    if (!database.isTransaction) database.exec('BEGIN')
    const stored = load(statements, name)
    const what = typeof stored === 'string' ? stored : faultIn(stored)
    if (what !== undefined) damage.push({ document: name, what })
    if (typeof stored !== 'string')
      for (const { update } of updatesIn(stored)) {
        entries++
        bytes += update.length
      }
    tell(++documents)
  }
  return { documents, entries, bytes, damage }
}

/** By every way in which they are listed, so that one that is missing from one of them is found. */
function documentsIn(database: DatabaseSync): { names: ReadonlySet<string>; damage: readonly Damage[] } {
  const names = new Set<string>()
  const damage: Damage[] = []
  for (const way of [
    'NOT INDEXED',
    'INDEXED BY sqlite_autoindex_documents_1',
    'INDEXED BY documents_by_name_again',
  ])
    try {
      for (const { name } of database.prepare(`SELECT name FROM documents ${way}`).iterate())
        names.add(String(name))
    } catch (error) {
      if (failureOf(error) !== 'damage') throw error
      damage.push({ document: undefined, what: `not all documents can be listed: ${messageOf(error)}` })
    }
  return { names, damage }
}

/** As the server would, with all that it does without, or what is wrong with it. */
function load(statements: Statements, name: string): StoredDocument | string {
  try {
    const parsed = parseDocumentName(encodeURIComponent(name))
    const stored = statements.loadVerified(parsed)
    if (!stored) return 'it is not found by its name'
    // Rows that are what was written may still not be what a link or a writer is.
    statements.links.all(parsed)
    statements.writers(parsed)
    return stored
  } catch (error) {
    if (error instanceof ProtocolError) return 'it has a name that no document has'
    if (error instanceof StorageError ? error.code === 'damaged' : failureOf(error) === 'damage')
      return messageOf(error)
    throw error
  }
}

/** Can every entry be read, and does it build only on what comes before it? */
function faultIn(stored: StoredDocument): string | undefined {
  const ledger = new Ledger()
  for (const entry of updatesIn(stored)) {
    const what = entry === stored.base ? 'the base' : `entry ${entry.position} of the log`
    try {
      const update = scan(entry.update)
      if (admit(entry.update, ledger, unbounded).type === 'gap') return `${what} builds on what is not there`
      ledger.add(update)
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error
      return `${what} is not an update: ${error.message}`
    }
  }
  return undefined
}

function updatesIn({ base, tail }: StoredDocument): readonly LogEntry[] {
  return base ? [base, ...tail] : tail
}

function unreadable(what: string): Verification {
  return { schema: 0, documents: 0, entries: 0, bytes: 0, damage: [{ document: undefined, what }] }
}

function isFromSqlite(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error
}
