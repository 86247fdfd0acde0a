/** Where a document is kept: the number that all its rows have. */
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { DocumentName } from '@quire/protocol'
import { damaged, prepareValues, reading, unknownDocument, type Values, type ValuesOf } from './reading.ts'

export class Lookup {
  readonly #byName: ValuesOf
  readonly #byNameAgain: StatementSync

  constructor(database: DatabaseSync) {
    // The id as the index by name has it, and the name as the row with that id has it.
    this.#byName = prepareValues(
      database,
      `SELECT found.id, row.name FROM documents AS found INDEXED BY sqlite_autoindex_documents_1
       LEFT JOIN documents AS row ON row.rowid = found.id WHERE found.name = ?`,
    )
    this.#byNameAgain = database.prepare(
      'SELECT id FROM documents INDEXED BY documents_by_name_again WHERE name = ?',
    )
  }

  /**
   * Two indexes and the row itself are asked, so that no damage to one of them makes a document look as if nobody had
   * made it, or another's id be taken for its own.
   */
  find(name: DocumentName): number | undefined {
    return reading('where it is kept', () => {
      const found = this.#byName(name)
      if (found) return idIn(found, name)
      if (this.#byNameAgain.get(name)) throw damaged('its name is missing from an index')
      return undefined
    })
  }

  /** Throws `document-unknown`. */
  known(name: DocumentName): number {
    const document = this.find(name)
    if (document === undefined) throw unknownDocument()
    return document
  }
}

function idIn([id, nameThere]: Values, name: DocumentName): number {
  if (typeof id !== 'number' || nameThere !== name) throw damaged('an index leads to another document')
  return id
}
