/**
 * Whatever can still be read of a damaged document. Where `Statements` stops at the first thing that is wrong, this
 * goes on: rows are listed from both ends, through an index and without it, and read one at a time.
 */
import type { DatabaseSync } from 'node:sqlite'
import type { DocumentName } from '@quire/protocol'
import { StorageError } from '../document-store.ts'
import { checksumOf } from './checksum.ts'
import { messageOf } from './failure.ts'
import { isSealed } from './seals.ts'

/** A line of an export: everything in it can be written as JSON. */
export type SalvagedRow =
  | {
      readonly kind: 'base' | 'entry'
      readonly position: number
      readonly checksum: number
      /** Are these the bytes that were written? */
      readonly matches: boolean
      /** base64 */
      readonly bytes: string
    }
  | {
      readonly kind: 'base' | 'entry' | 'links' | 'writers' | 'document'
      readonly position?: number
      readonly unreadable: string
    }
  /** No row was found for these positions. */
  | { readonly kind: 'missing'; readonly from: number; readonly to: number }
  | {
      readonly kind: 'writer'
      readonly client: unknown
      readonly user: unknown
      readonly name: unknown
      readonly matches: boolean
    }
  | {
      readonly kind: 'link'
      readonly id: unknown
      readonly role: unknown
      /** In hexadecimal digits. */
      readonly keyHash: string
      readonly matches: boolean
    }

export function salvage(database: DatabaseSync, name: DocumentName): Iterable<SalvagedRow> {
  return new Salvage(database).document(name)
}

/** With more positions than this between its ends, what is said about the extent of a log is itself damaged. */
const maxBelievedEntries = 100_000_000

class Salvage {
  readonly #database: DatabaseSync

  constructor(database: DatabaseSync) {
    this.#database = database
  }

  document(name: DocumentName): Iterable<SalvagedRow> {
    const found = this.#idOf(name)
    if (typeof found === 'number') return this.#rowsOf(found)
    if (found.length === 0) throw new StorageError('document-unknown', 'there is no such document')
    return found.map((unreadable) => ({ kind: 'document', unreadable }))
  }

  *#rowsOf(document: number): Iterable<SalvagedRow> {
    yield* this.#base(document)
    yield* this.#entries(document)
    yield* this.#links(document)
    yield* this.#writers(document)
  }

  /** The id that most of three ways to look it up agree on; if there is none, what went wrong on the way. */
  #idOf(name: DocumentName): number | readonly string[] {
    const votes = new Map<number, number>()
    const failures: string[] = []
    for (const way of [
      'INDEXED BY sqlite_autoindex_documents_1',
      'INDEXED BY documents_by_name_again',
      'NOT INDEXED',
    ]) {
      const { rows, failure } = this.#read(`SELECT id FROM documents ${way} WHERE name = ?`, name)
      for (const { id } of rows) if (typeof id === 'number') votes.set(id, (votes.get(id) ?? 0) + 1)
      if (failure !== undefined) failures.push(failure)
    }
    return [...votes].toSorted(([, some], [, others]) => others - some)[0]?.[0] ?? failures
  }

  *#base(document: number): Iterable<SalvagedRow> {
    const { rows, failure } = this.#read(
      'SELECT document, position, bytes, checksum FROM bases WHERE document = ?',
      document,
    )
    for (const row of rows) yield salvaged('base', document, row)
    if (failure !== undefined) yield { kind: 'base', unreadable: failure }
  }

  *#entries(document: number): Iterable<SalvagedRow> {
    const extent = this.#extentOf(document)
    const places = [...this.#placesOf(document, extent)].toSorted((a, b) => a.position - b.position)
    const found = new Set<number>()
    for (const { row, position } of places) {
      const entry = this.#entry(document, row, position)
      found.add('position' in entry ? (entry.position ?? position) : position)
      yield entry
    }
    if (extent) yield* missing(extent, found)
  }

  #extentOf(document: number): Extent | undefined {
    const { base, head } =
      this.#read('SELECT base, head FROM extents WHERE document = ?', document).rows[0] ?? {}
    if (typeof base !== 'number' || typeof head !== 'number') return undefined
    return head >= base && head - base <= maxBelievedEntries ? { base, head } : undefined
  }

  /** Where the rows of a log are. Looks through the whole table only if the index does not lead to all of them. */
  #placesOf(document: number, extent: Extent | undefined): Iterable<Place> {
    const places = new Map<number, Place>()
    const list = (way: string, order: string): boolean => {
      const { rows, failure } = this.#read(
        `SELECT rowid AS row, position FROM log ${way} WHERE document = ? ORDER BY ${order}`,
        document,
      )
      for (const { row, position } of rows)
        if (typeof row === 'number' && typeof position === 'number' && !places.has(row))
          places.set(row, { row, position })
      return failure === undefined
    }
    const isListed = list('INDEXED BY sqlite_autoindex_log_1', 'position')
    const isWhole = isListed && extent !== undefined && places.size === extent.head - extent.base
    if (!isListed) list('INDEXED BY sqlite_autoindex_log_1', 'position DESC')
    if (!isWhole && !list('NOT INDEXED', 'rowid')) list('NOT INDEXED', 'rowid DESC')
    return places.values()
  }

  #entry(document: number, row: number, position: number): SalvagedRow {
    const { rows, failure } = this.#read(
      'SELECT document, position, bytes, checksum FROM log WHERE rowid = ?',
      row,
    )
    const [found] = rows
    if (!found) return { kind: 'entry', position, unreadable: failure ?? 'there is no such row' }
    return found['document'] === document
      ? salvaged('entry', document, found)
      : { kind: 'entry', position, unreadable: 'an index leads to a row of another document' }
  }

  *#links(document: number): Iterable<SalvagedRow> {
    const { rows, failure } = this.#read('SELECT * FROM links WHERE document = ?', document)
    for (const row of rows) {
      const { id, role } = row
      const keyHash = Buffer.from(bytesOf(row['key_hash']) ?? []).toString('hex')
      yield { kind: 'link', id, role, keyHash, matches: isSealed('links', row) }
    }
    if (failure !== undefined) yield { kind: 'links', unreadable: failure }
  }

  *#writers(document: number): Iterable<SalvagedRow> {
    const { rows, failure } = this.#read('SELECT * FROM writers WHERE document = ?', document)
    for (const row of rows) {
      const { client, user, name } = row
      yield { kind: 'writer', client, user, name, matches: isSealed('writers', row) }
    }
    if (failure !== undefined) yield { kind: 'writers', unreadable: failure }
  }

  /** All rows up to the first that cannot be read, and why it cannot. */
  #read(
    sql: string,
    parameter: string | number,
  ): { rows: Record<string, unknown>[]; failure: string | undefined } {
    const rows: Record<string, unknown>[] = []
    try {
      for (const row of this.#database.prepare(sql).iterate(parameter)) rows.push(row)
      return { rows, failure: undefined }
    } catch (error) {
      return { rows, failure: messageOf(error) }
    }
  }
}

interface Extent {
  readonly base: number
  readonly head: number
}

interface Place {
  readonly row: number
  readonly position: number
}

function salvaged(
  kind: 'base' | 'entry',
  document: number,
  { position, bytes, checksum }: Record<string, unknown>,
): SalvagedRow {
  const held = bytesOf(bytes)
  if (typeof position !== 'number' || typeof checksum !== 'number' || !held)
    return { kind, unreadable: 'it does not hold what a row holds' }
  const matches = checksumOf(document, position, held) === checksum
  return { kind, position, checksum, matches, bytes: Buffer.from(held).toString('base64') }
}

function* missing({ base, head }: Extent, found: ReadonlySet<number>): Iterable<SalvagedRow> {
  let from = base + 1
  for (const position of [...found].filter((each) => each > base && each <= head).toSorted((a, b) => a - b)) {
    if (position > from) yield { kind: 'missing', from, to: position - 1 }
    from = position + 1
  }
  if (from <= head) yield { kind: 'missing', from, to: head }
}

function bytesOf(value: unknown): Uint8Array | undefined {
  return value instanceof Uint8Array ? value : undefined
}
