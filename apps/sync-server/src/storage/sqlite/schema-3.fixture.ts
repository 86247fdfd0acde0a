/** A database as servers with schema 3 left it, kept here since no server writes it any more. */
import { DatabaseSync } from 'node:sqlite'
import { checksumOf } from './checksum.ts'

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
  ALTER TABLE links ADD COLUMN label TEXT NOT NULL DEFAULT '';
  ALTER TABLE links ADD COLUMN expires_at INTEGER;
`

export interface DocumentOfSchema3 {
  readonly name: string
  /** Entries 1, 2, 3… */
  readonly log: readonly Uint8Array[]
  readonly link: {
    readonly id: string
    readonly role: string
    readonly keyHash: Uint8Array
    readonly label: string
  }
}

export function writeSchema3(path: string, { name, log, link }: DocumentOfSchema3): void {
  const database = new DatabaseSync(path)
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
  database.exec(`BEGIN; ${schema} PRAGMA application_id = 1366649202; PRAGMA user_version = 3; COMMIT`)
  database.prepare('INSERT INTO documents (id, name) VALUES (1, ?)').run(name)
  const entry = database.prepare('INSERT INTO log VALUES (1, ?, ?, ?)')
  log.forEach((bytes, index) => entry.run(index + 1, bytes, checksumOf(1, index + 1, bytes)))
  const bytes = log.reduce((sum, { length }) => sum + length, 0)
  database.prepare('INSERT INTO extents VALUES (1, 0, ?, 0, ?)').run(log.length, bytes)
  database
    .prepare('INSERT INTO links (document, id, role, key_hash, label) VALUES (1, ?, ?, ?, ?)')
    .run(link.id, link.role, link.keyHash, link.label)
  database.close()
}
