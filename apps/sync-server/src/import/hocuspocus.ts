/** The documents in the SQLite file of Hocuspocus (`@hocuspocus/extension-sqlite`), which may be running. */
import { existsSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { z } from 'zod'
import { SourceError, type KeptDocument } from './kept-document.ts'

/** Hocuspocus has the file to itself for moments, while it stores. */
const busyMs = 5000

/** Throws a `SourceError`. */
export function* documentsOfHocuspocus(path: string): Iterable<KeptDocument> {
  if (!existsSync(path)) throw new SourceError(`There is no file ${path}.`)
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(path, { readOnly: true, timeout: busyMs })
    const names = database.prepare('SELECT CAST(name AS TEXT) AS name FROM documents ORDER BY name').all()
    // One at a time, each in a moment: whoever reads keeps Hocuspocus from writing.
    const find = database.prepare('SELECT CAST(data AS BLOB) AS data FROM documents WHERE name = ?')
    for (const { name } of z.array(z.object({ name: z.string() })).parse(names)) {
      const found = dataRow.optional().parse(find.get(name))
      if (found) yield { name, encodedName: encodeURIComponent(name), updates: [found.data] }
    }
  } catch (error) {
    if (!isOfSqlite(error)) throw error
    throw new SourceError(`${path} cannot be read as a file of Hocuspocus: ${error.message}.`)
  } finally {
    database?.close()
  }
}

const dataRow = z.object({ data: z.instanceof(Uint8Array) })

function isOfSqlite(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && error.code === 'ERR_SQLITE_ERROR'
}
