/** Reading rows, and what is wrong with them in words: each failure is a `StorageError`. */
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import { StorageError } from '../document-store.ts'
import { failureOf, messageOf } from './failure.ts'

/** Says what it was that could not be read. */
export function reading<Result>(what: string | (() => string), read: () => Result): Result {
  try {
    return read()
  } catch (cause) {
    if (cause instanceof StorageError || failureOf(cause) !== 'damage') throw cause
    const subject = typeof what === 'string' ? what : what()
    throw damaged(`${subject} cannot be read: ${messageOf(cause)}`, { cause })
  }
}

/**
 * Asks for one row, as the values of its columns in their order: to make an object of it, with the name of each, costs as
 * much as to find it.
 */
export function prepareValues(database: DatabaseSync, sql: string): ValuesOf {
  const statement = database.prepare(sql)
  statement.setReturnArrays(true)
  return (...parameters) => statement.get(...parameters) as unknown as Values | undefined // it returns arrays now
}

export type Values = readonly unknown[]
export type ValuesOf = (...parameters: SQLInputValue[]) => Values | undefined

/**
 * A document's, one by one. Node leaves a statement that failed on the way as it is, so that it fails once more in the
 * same words when it is next used, whatever it is asked then: here that is heard by nobody.
 */
export function* rowsOf(statement: StatementSync, document: number): Iterable<Record<string, unknown>> {
  try {
    yield* statement.iterate(document)
  } catch (error) {
    try {
      statement.iterate(document)
    } catch {
      // As above.
    }
    throw error
  }
}

export function damaged(reason: string, options?: ErrorOptions): StorageError {
  return new StorageError('damaged', reason, options)
}

export function unknownDocument(): StorageError {
  return new StorageError('document-unknown', 'there is no such document')
}

/** Its number, as a query says it that asks for `rowid AS row`. */
export function rowIn({ row }: Record<string, unknown>): number {
  if (typeof row !== 'number') throw damaged('a row has no number')
  return row
}
