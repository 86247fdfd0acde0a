/** A database as servers with schema 1 left it, kept here since no server writes it any more. */
import { DatabaseSync } from 'node:sqlite'
import { crc32 } from 'node:zlib'

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

export interface DocumentOfSchema1 {
  readonly name: string
  readonly base?: { readonly position: number; readonly bytes: Uint8Array }
  readonly log?: readonly { readonly position: number; readonly bytes: Uint8Array }[]
  readonly links?: readonly { readonly id: string; readonly role: string; readonly keyHash: Uint8Array }[]
}

export function writeSchema1(path: string, documents: readonly DocumentOfSchema1[]): void {
  const database = new DatabaseSync(path)
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
  database.exec(`BEGIN; ${schema} PRAGMA application_id = 1366649202; PRAGMA user_version = 1; COMMIT`)
  documents.forEach(({ name, base, log = [], links = [] }, index) => {
    const id = index + 1
    database.prepare('INSERT INTO documents (id, name) VALUES (?, ?)').run(id, name)
    const entry = database.prepare('INSERT INTO log VALUES (?, ?, ?, ?)')
    for (const { position, bytes } of log) entry.run(id, position, bytes, crc32(bytes))
    if (base)
      database
        .prepare('INSERT INTO bases VALUES (?, ?, ?, ?)')
        .run(id, base.position, base.bytes, crc32(base.bytes))
    const link = database.prepare('INSERT INTO links (document, id, role, key_hash) VALUES (?, ?, ?, ?)')
    for (const each of links) link.run(id, each.id, each.role, each.keyHash)
  })
  database.close()
}
