/**
 * Rows with a checksum over all their values: whatever of a document is not its text. They are sealed once they are
 * written, and looked at before they are believed or changed.
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { StorageError } from '../document-store.ts'
import { rowChecksumOf } from './checksum.ts'
import { damaged, reading, rowsOf } from './reading.ts'

/** The values that count, in the order in which they do: whoever adds a column seals every row of the table anew. */
const sealedColumns = {
  documents: ['id', 'name', 'created_at'],
  openings: ['document', 'hour', 'opened_at'],
  extents: ['document', 'base', 'head', 'base_bytes', 'tail_bytes', 'changed_at'],
  titles: ['document', 'position', 'title'],
  links: ['document', 'id', 'role', 'key_hash', 'label', 'created_at', 'expires_at', 'max_uses', 'seen'],
  link_uses: ['document', 'link', 'user', 'first_used_at'],
  writers: ['document', 'client', 'user', 'name', 'wrote', 'clock', 'first_seen_at'],
} as const

export type SealedTable = keyof typeof sealedColumns

/** What a document is served without. It may have a hundred thousand rows of these, up to whoever writes in it. */
export const recordTables: readonly SealedTable[] = ['link_uses', 'writers']
/** All else, of which it has few rows: what has to be right for it to be served. */
export const servedTables = (Object.keys(sealedColumns) as SealedTable[]) // the keys of a literal
  .filter((table) => !recordTables.includes(table))

/** What is kept of a document besides its text, and how it is called when it is not what was written. */
export const companions = {
  documents: 'what it is called',
  openings: 'when it was last opened',
  extents: 'how far its log goes',
  titles: 'the title that was noted',
  links: 'a link',
  link_uses: 'whom a link let in',
  writers: 'who wrote in it',
} as const satisfies Record<SealedTable, string>

type Prepared = Readonly<Record<SealedTable, StatementSync>>

export class Seals {
  readonly #row: Prepared
  readonly #seal: Prepared
  readonly #rowsOf: Prepared

  constructor(database: DatabaseSync) {
    const forEach = (sql: (table: SealedTable, columns: string) => string): Prepared => {
      const prepare = (table: SealedTable): StatementSync =>
        database.prepare(sql(table, [...sealedColumns[table], 'checksum'].join(', ')))
      return {
        documents: prepare('documents'),
        openings: prepare('openings'),
        extents: prepare('extents'),
        titles: prepare('titles'),
        links: prepare('links'),
        link_uses: prepare('link_uses'),
        writers: prepare('writers'),
      }
    }
    this.#row = forEach((table, columns) => `SELECT ${columns} FROM ${table} WHERE rowid = ?`)
    this.#seal = forEach((table) => `UPDATE ${table} SET checksum = ? WHERE rowid = ?`)
    this.#rowsOf = forEach((table) => {
      const document = table === 'documents' ? 'id' : 'document'
      return `SELECT rowid AS row FROM ${table} WHERE ${document} = ?`
    })
  }

  /** To be called once the row is as it is to stay. */
  seal(table: SealedTable, row: number): void {
    const values = this.#row[table].get(row)
    if (values) this.#seal[table].run(sealOf(table, values), row)
  }

  /** Throws that they are damaged if one of them is not what was written there. */
  demandAll(table: SealedTable, document: number): void {
    if (!reading(companions[table], () => this.#allHold(table, document))) throw notAsSealed(table)
  }

  /** The same of one row. */
  demand(table: SealedTable, row: number): void {
    if (!reading(companions[table], () => this.holds(table, row))) throw notAsSealed(table)
  }

  /** Is the row what was written there? */
  holds(table: SealedTable, row: number): boolean {
    const values = this.#row[table].get(row)
    return values !== undefined && isSealed(table, values)
  }

  /** Are all of a document's rows in this table? Each is asked itself: an index has a copy of some of its values. */
  #allHold(table: SealedTable, document: number): boolean {
    for (const { row } of rowsOf(this.#rowsOf[table], document))
      if (!this.holds(table, Number(row))) return false
    return true
  }
}

/** Of a row with all its columns. */
export function isSealed(table: SealedTable, row: Record<string, unknown>): boolean {
  return row['checksum'] === sealOf(table, row)
}

/** The checksum of a row with these values, by the names of its columns. */
export function sealOf(table: SealedTable, row: Record<string, unknown>): number {
  return rowChecksumOf(
    table,
    sealedColumns[table].map((column) => row[column]),
  )
}

function notAsSealed(table: SealedTable): StorageError {
  return damaged(`${companions[table]} does not match its checksum`)
}
