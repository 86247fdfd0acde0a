/** The tables in `quire.db`, as the steps by which they came to be. A step that has been released never changes. */
import type { DatabaseSync } from 'node:sqlite'

/** "Quir" in ASCII, so that `file` and we can tell the database from another program's. */
export const applicationId = 0x51756972

type Migration = (database: DatabaseSync) => void

const migrations: readonly Migration[] = [documentsWithLogsBasesAndLinks]

export const schemaVersion = migrations.length

/** Brings the schema up to date, each step in a transaction of its own. `ready` is called before anything is written. */
export function migrate(database: DatabaseSync, ready: () => void): void {
  for (let version = versionOf(database); version < schemaVersion; version++) {
    ready()
    database.exec('BEGIN IMMEDIATE')
    migrations[version]?.(database)
    database.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${version + 1}; COMMIT`)
  }
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

function documentsWithLogsBasesAndLinks(database: DatabaseSync): void {
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
