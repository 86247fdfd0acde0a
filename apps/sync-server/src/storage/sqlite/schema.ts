/** The tables in `quire.db`, as the steps by which they came to be. A step that has been released never changes. */
import { DatabaseSync } from 'node:sqlite'
import { crc32 } from 'node:zlib'
import { checksumOf, rowChecksumOf } from './checksum.ts'
import { failureOf } from './failure.ts'

/** "Quir" in ASCII, so that `file` and we can tell the database from another program's. */
export const applicationId = 0x51756972

/** The head of a document that could not be read when its extent was to be written down: no log goes so far. */
export const unknownHead = -1

/** Looks at what is there, and returns what to do in a transaction. */
type Migration = (database: DatabaseSync) => () => void

const migrations: readonly Migration[] = [
  documentsWithLogsBasesAndLinks,
  secondOpinions,
  linksOfTheirOwn,
  whoWroteWhat,
  linksWithBounds,
  whenAndWhat,
  everyRowWithAChecksum,
  whenItWasOpened,
]

export const schemaVersion = migrations.length

/** Brings the schema up to date, each step in a transaction of its own. `ready` is called before anything is written. */
export function migrate(database: DatabaseSync, ready: () => void, target = schemaVersion): void {
  for (let version = versionOf(database); version < target; version++) {
    ready()
    const step = migrations[version]?.(database)
    database.exec('BEGIN IMMEDIATE')
    step?.()
    database.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${version + 1}; COMMIT`)
  }
}

/** Are the tables those that its version was made with? Others that someone keeps beside them are theirs. */
export function isIntact(database: DatabaseSync): boolean {
  const model = new DatabaseSync(':memory:')
  try {
    migrate(model, () => undefined, versionOf(database))
    const found = new Set(definitionsIn(database))
    return definitionsIn(model).every((definition) => found.has(definition))
  } finally {
    model.close()
  }
}

/** White space does not count, which steps may come to write differently. */
function definitionsIn(database: DatabaseSync): string[] {
  const rows = database.prepare('SELECT type, name, tbl_name AS of, sql FROM sqlite_schema').all()
  return rows.map(({ type, name, of, sql }) =>
    JSON.stringify([type, name, of, String(sql).replaceAll(/\s+/g, ' ')]),
  )
}

/** Throws an Error whose message says what to do if this is not a database of ours, or one from a newer server. */
export function versionOf(database: DatabaseSync): number {
  const version = Number(pragma(database, 'user_version'))
  if (pragma(database, 'application_id') !== applicationId) {
    const tables = database.prepare('SELECT count(*) AS count FROM sqlite_schema').get()?.['count']
    if (tables !== 0 || version !== 0)
      throw new Error("quire.db is another program's database; it is left as it is")
  }
  if (version > schemaVersion)
    throw new Error(
      `quire.db has schema ${version} and this server knows ${schemaVersion}; start the newer server that wrote it`,
    )
  return version
}

function pragma(database: DatabaseSync, name: string): unknown {
  return Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0]
}

function documentsWithLogsBasesAndLinks(database: DatabaseSync): () => void {
  return () =>
    database.exec(`
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
  `)
}

/**
 * Ways to notice that something is not there any more: how far the log of each document goes, a second index by name,
 * checksums that know their place. And a row to write to when asked whether that is possible.
 */
function secondOpinions(database: DatabaseSync): () => void {
  database.function('checksum_1', (bytes) => crc32(asBytes(bytes)))
  database.function('checksum_2', (document, position, bytes) =>
    checksumOf(Number(document), Number(position), asBytes(bytes)),
  )
  const ids = database
    .prepare('SELECT id FROM documents')
    .all()
    .map(({ id }) => Number(id))
  // Before the transaction: one that has come upon an unusable page commits nothing any more.
  const looks = ['log', 'bases'].map(
    (table) => `SELECT sum(checksum_1(bytes)) FROM ${table} WHERE document = ?`,
  )
  const readable = new Set(ids.filter((id) => canBeRead(database, id, looks)))
  return () => {
    database.exec(`
      CREATE TABLE extents (
        document INTEGER PRIMARY KEY REFERENCES documents (id),
        base INTEGER NOT NULL,
        head INTEGER NOT NULL,
        base_bytes INTEGER NOT NULL,
        tail_bytes INTEGER NOT NULL
      ) STRICT;
      CREATE UNIQUE INDEX documents_by_name_again ON documents (name DESC);
      CREATE TABLE checks (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        times INTEGER NOT NULL
      ) STRICT;
      INSERT INTO checks VALUES (1, 0);
    `)
    const unreadable = database.prepare(`INSERT INTO extents VALUES (?, 0, ${unknownHead}, 0, 0)`)
    // A row that was damaged before does not match afterwards either.
    const steps = [
      'UPDATE log SET checksum = checksum_2(document, position, bytes) WHERE document = ? AND checksum = checksum_1(bytes)',
      'UPDATE bases SET checksum = checksum_2(document, position, bytes) WHERE document = ? AND checksum = checksum_1(bytes)',
      `INSERT INTO extents
       SELECT id, coalesce(bases.position, 0),
              max(coalesce(bases.position, 0), coalesce((SELECT max(position) FROM log WHERE document = id), 0)),
              coalesce(length(bases.bytes), 0),
              coalesce((SELECT sum(length(bytes)) FROM log WHERE document = id), 0)
       FROM documents LEFT JOIN bases ON bases.document = id WHERE id = ?`,
    ].map((sql) => database.prepare(sql))
    for (const id of ids) for (const step of readable.has(id) ? steps : [unreadable]) step.run(id)
  }
}

/** Links that owners make: with a name, and perhaps an end. */
function linksOfTheirOwn(database: DatabaseSync): () => void {
  return () =>
    database.exec(`
      ALTER TABLE links ADD COLUMN label TEXT NOT NULL DEFAULT '';
      ALTER TABLE links ADD COLUMN expires_at INTEGER;
    `)
}

/** Under which client ids who wrote; it goes when the document goes. */
function whoWroteWhat(database: DatabaseSync): () => void {
  return () =>
    database.exec(`
      CREATE TABLE writers (
        document INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
        client INTEGER NOT NULL,
        user TEXT NOT NULL,
        name TEXT NOT NULL,
        wrote INTEGER NOT NULL,
        clock INTEGER NOT NULL,
        first_seen_at INTEGER NOT NULL DEFAULT (unixepoch()),
        PRIMARY KEY (document, client, user)
      ) STRICT;
    `)
}

/** Links that let in only so many, and whom they have let in; and links whose people are not shown. */
function linksWithBounds(database: DatabaseSync): () => void {
  return () =>
    database.exec(`
      ALTER TABLE links ADD COLUMN max_uses INTEGER;
      ALTER TABLE links ADD COLUMN seen INTEGER NOT NULL DEFAULT 1;
      CREATE TABLE link_uses (
        document INTEGER NOT NULL,
        link TEXT NOT NULL,
        user TEXT NOT NULL,
        first_used_at INTEGER NOT NULL DEFAULT (unixepoch()),
        PRIMARY KEY (document, link, user),
        FOREIGN KEY (document, link) REFERENCES links (document, id) ON DELETE CASCADE
      ) STRICT;
    `)
}

/** When a document was last written to, and what it is called, for lists of many. */
function whenAndWhat(database: DatabaseSync): () => void {
  return () =>
    database.exec(`
      ALTER TABLE extents ADD COLUMN changed_at INTEGER;
      CREATE TABLE titles (
        document INTEGER PRIMARY KEY REFERENCES documents (id) ON DELETE CASCADE,
        position INTEGER NOT NULL,
        title TEXT NOT NULL
      ) STRICT;
    `)
}

/** Of a document whose rows cannot be read, they stay without one, which is none that holds. */
function everyRowWithAChecksum(database: DatabaseSync): () => void {
  database.function('row_checksum_1', { varargs: true }, (table, ...values) =>
    rowChecksumOf(String(table), values),
  )
  const checksums = {
    documents: "row_checksum_1('documents', id, name, created_at)",
    extents: "row_checksum_1('extents', document, base, head, base_bytes, tail_bytes, changed_at)",
    titles: "row_checksum_1('titles', document, position, title)",
    links:
      "row_checksum_1('links', document, id, role, key_hash, label, created_at, expires_at, max_uses, seen)",
    link_uses: "row_checksum_1('link_uses', document, link, user, first_used_at)",
    writers: "row_checksum_1('writers', document, client, user, name, wrote, clock, first_seen_at)",
  }
  const tables = Object.entries(checksums).map(([table, checksum]) => ({
    table,
    checksum,
    isTheDocuments: table === 'documents' ? 'id = ?' : 'document = ?',
  }))
  const looks = tables.map(
    ({ table, checksum, isTheDocuments }) => `SELECT sum(${checksum}) FROM ${table} WHERE ${isTheDocuments}`,
  )
  const ids = database.prepare('SELECT id FROM documents').all()
  const readable = ids.flatMap(({ id }) => (canBeRead(database, Number(id), looks) ? [Number(id)] : []))
  return () => {
    for (const { table } of tables) database.exec(`ALTER TABLE ${table} ADD COLUMN checksum INTEGER`)
    for (const { table, checksum, isTheDocuments } of tables) {
      const seal = database.prepare(`UPDATE ${table} SET checksum = ${checksum} WHERE ${isTheDocuments}`)
      for (const id of readable) seal.run(id)
    }
  }
}

/**
 * For how many hours servers have run, and in which of them each document was last opened. All that are there count as
 * opened now: nobody had a chance to open them since it matters.
 */
function whenItWasOpened(database: DatabaseSync): () => void {
  database.function('row_checksum_1', { varargs: true }, (table, ...values) =>
    rowChecksumOf(String(table), values),
  )
  const ids = database.prepare('SELECT id FROM documents').all()
  return () => {
    database.exec(`
      CREATE TABLE openings (
        document INTEGER PRIMARY KEY REFERENCES documents (id) ON DELETE CASCADE,
        hour INTEGER NOT NULL,
        opened_at INTEGER NOT NULL DEFAULT (unixepoch()),
        checksum INTEGER
      ) STRICT;
      CREATE TABLE uptime (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        hours INTEGER NOT NULL,
        kept_days INTEGER,
        kept_since INTEGER NOT NULL,
        checksum INTEGER
      ) STRICT;
      INSERT INTO uptime VALUES (1, 0, NULL, 0, row_checksum_1('uptime', 0, NULL, 0));
    `)
    const opened = database.prepare(
      `INSERT INTO openings
       SELECT id, 0, unixepoch(), row_checksum_1('openings', id, 0, unixepoch()) FROM (SELECT ? AS id)`,
    )
    for (const { id } of ids) opened.run(Number(id))
  }
}

/** Each of `looks` reads rows of the document whose id it is given. */
function canBeRead(database: DatabaseSync, document: number, looks: readonly string[]): boolean {
  try {
    for (const look of looks) database.prepare(look).get(document)
    return true
  } catch (error) {
    if (failureOf(error) === 'damage') return false
    throw error
  }
}

function asBytes(value: unknown): Uint8Array {
  return value instanceof Uint8Array ? value : new Uint8Array()
}
