/**
 * What this device keeps of a document, in IndexedDB. The layout is y-indexeddb's with a store more, so that what it has
 * written opens here:
 *
 * | store | key | value |
 * |---|---|---|
 * | `updates` | counted up | an update that the server has |
 * | `unsaved` | the edit's id | an edit that the server has not said it has: an update, or `{ update, ours }` |
 * | `custom` | `['role', entrance]` | the role that this entrance gave last |
 * | `custom` | `['rename', client, clock]` | the client id that stands for this one from that clock on |
 *
 * Rows that are not what they should be are left out, and left alone.
 */
import { isRole, type Role } from '@quire/protocol'
import { KnownRows } from '../session/known-rows.ts'
import {
  areDroppable,
  areReplaceable,
  LocalStoreError,
  type Changes,
  type Edit,
  type Kept,
  type LocalDocument,
  type Rename,
} from '../session/local-store.ts'
import { completed, openDatabase, openDatabaseInTime } from './database.ts'
import { isUpdate } from './is-update.ts'
import { isEdit, isRename, OtherTabs } from './other-tabs.ts'
import { randomKey } from './random-key.ts'

/** y-indexeddb's is 1. */
const version = 2
const stores = ['updates', 'unsaved', 'custom']
/** Every key that is an array beginning with 'role'. */
const roleKeys = (): IDBKeyRange => IDBKeyRange.bound(['role'], ['role', []])
const renameKeys = (): IDBKeyRange => IDBKeyRange.bound(['rename'], ['rename', []])

/** As soon as the browser opens it. Rejects with a `LocalStoreError`. */
export async function openIndexedDocument(name: string): Promise<LocalDocument> {
  try {
    return new IndexedDocument(name, await openDatabase(databaseOf(name)))
  } catch (error) {
    throw keepsNothing(error) ? localStoreError(error) : localStoreError(error, 'unread')
  }
}

class IndexedDocument implements LocalDocument {
  readonly #name: string
  readonly #tabs: OtherTabs
  readonly #rows = new KnownRows<IDBValidKey>()
  #database: IDBDatabase
  /** All transactions have begun, and are over. They begin in the order of the calls, which the browser keeps. */
  #begun: Promise<unknown> = Promise.resolve()
  #over: Promise<unknown> = Promise.resolve()
  #isClosed = false

  constructor(name: string, database: IDBDatabase) {
    this.#name = name
    this.#database = database
    this.#tabs = new OtherTabs(name)
  }

  load(): Promise<Kept> {
    return this.#transact('readonly', (transaction) => {
      const updates = askForRows(transaction.objectStore('updates'))
      const unsaved = askForRows(transaction.objectStore('unsaved'))
      const roles = askForRows(transaction.objectStore('custom'), roleKeys())
      const renames = askForRows(transaction.objectStore('custom'), renameKeys())
      return () => {
        const rows = updates().filter(hasUpdate)
        this.#rows.loaded(rows)
        return {
          saved: rows.map(([, update]) => update),
          unsaved: unsaved().flatMap(readEdit),
          roles: new Map(roles().flatMap(readRole)),
          renames: renames().flatMap(readRename),
        }
      }
    })
  }

  async write(changes: Changes): Promise<void> {
    if (changes.unsaved?.length) askToKeep()
    await this.#transact('readwrite', (transaction) => {
      const { saved = [], unsaved = [], renamed, settled = [], dropped = [], rewritten, role } = changes
      const updateStore = transaction.objectStore('updates')
      const unsavedStore = transaction.objectStore('unsaved')
      const added: (readonly [IDBRequest<IDBValidKey>, Uint8Array])[] = []
      const add = (update: Uint8Array): void => void added.push([updateStore.add(whole(update)), update])
      for (const update of saved) add(update)
      for (const edit of unsaved) unsavedStore.put(rowOf(edit), edit.id)
      const finish = (): void => {
        if (dropped.length > 0 || rewritten) replaceAll(unsavedStore, { dropped, rewritten })
      }
      const settle = (): void => {
        for (const [index, id] of settled.entries()) {
          const found: IDBRequest<unknown> = unsavedStore.get(id)
          found.addEventListener('success', () => {
            for (const { update } of readEdit([id, found.result])) {
              add(update)
              unsavedStore.delete(id)
            }
            if (index === settled.length - 1) finish()
          })
        }
        if (settled.length === 0) finish()
      }
      if (renamed) writeRenamed(transaction, renamed, settle)
      else settle()
      if (role) writeRole(transaction.objectStore('custom'), role)
      // Said at once, it happens even if the page goes away now: the last words before a tab is closed.
      if (settled.length === 0 && dropped.length === 0 && !renamed && !rewritten) transaction.commit()
      return () => {
        for (const [{ result: key }, update] of added) this.#rows.written(key, update)
        this.#tabs.tell(changes)
      }
    })
  }

  /**
   * Needs no lock between tabs: each takes away only rows that its own state holds, in one transaction with that state. Two
   * who do it at once leave two states behind, and whoever loads both makes one of them.
   */
  compact(state: Uint8Array): Promise<void> {
    return this.#transact('readwrite', (transaction) => {
      const updates = transaction.objectStore('updates')
      let replaced: readonly IDBValidKey[] = []
      const added = updates.add(whole(state))
      // By now the writes before this one are complete, and their rows known.
      added.addEventListener('success', () => {
        replaced = this.#rows.keys
        for (const key of replaced) updates.delete(key)
      })
      return () => this.#rows.compacted(replaced, added.result)
    })
  }

  get tailBytes(): number {
    return this.#rows.tailBytes
  }

  subscribe(listener: (changes: Changes) => void): () => void {
    return this.#tabs.subscribe(listener)
  }

  /**
   * An empty database of this name stays. To delete it would wait for all tabs that have it open, and for those that the
   * browser has put to sleep, and whoever opens it would wait as well.
   */
  forgetUnused(): Promise<void> {
    return this.#transact('readwrite', (transaction) => {
      const edits = transaction.objectStore('unsaved').count()
      const roles = transaction.objectStore('custom').count(roleKeys())
      const isUsed = (): boolean => edits.result > 0 || roles.result > 0
      roles.addEventListener('success', () => {
        if (!isUsed()) for (const store of stores) transaction.objectStore(store).clear()
      })
      return () => {
        if (!isUsed()) this.#rows.forget()
      }
    })
  }

  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    void this.#release()
  }

  async #release(): Promise<void> {
    await this.#over
    this.#tabs.close()
    this.#database.close()
  }

  async #transact<Result>(
    mode: 'readonly' | 'readwrite',
    ask: (transaction: IDBTransaction) => () => Result,
  ): Promise<Result> {
    if (this.#isClosed) throw new LocalStoreError('unavailable', 'the copy of this document is closed')
    const begun = this.#begun.then(() => this.#begin(mode))
    const over = begun.then((transaction) => completed(transaction, ask))
    this.#begun = begun.catch(ignore)
    this.#over = Promise.allSettled([this.#over, over])
    try {
      return await over
    } catch (error) {
      throw localStoreError(error)
    }
  }

  /** The connection may have ended: the browser took the room back, or it gave way to another. It is opened again, once. */
  async #begin(mode: 'readonly' | 'readwrite'): Promise<IDBTransaction> {
    const begin = (): IDBTransaction => this.#database.transaction(stores, mode, { durability: 'strict' })
    try {
      return begin()
    } catch {
      this.#database.close()
      this.#database = await openDatabaseInTime(databaseOf(this.#name))
      // It may be another database, which counts its rows from 1 again.
      this.#rows.forget()
      return begin()
    }
  }
}

function databaseOf(name: string): Parameters<typeof openDatabase>[0] {
  return { name, version, upgrade }
}

/** Of what y-indexeddb has written nobody knows whether the server has it, so all of it is unsaved. */
function upgrade(database: IDBDatabase, transaction: IDBTransaction): void {
  const has = (store: string): boolean => database.objectStoreNames.contains(store)
  const updates = has('updates')
    ? transaction.objectStore('updates')
    : database.createObjectStore('updates', { autoIncrement: true })
  if (!has('custom')) database.createObjectStore('custom')
  const unsaved = database.createObjectStore('unsaved')
  const request = updates.openCursor()
  request.addEventListener('success', () => {
    const cursor = request.result
    if (!cursor) return
    const row: unknown = cursor.value
    // It writes an update of nothing whenever it opens.
    if (isUpdate(row) && row.length > emptyUpdateBytes) {
      unsaved.put(row, randomKey())
      cursor.delete()
    }
    cursor.continue()
  })
}

/** No structs, no deletions. */
const emptyUpdateBytes = 2

/** What is no edit may be there besides. */
function replaceAll(
  unsaved: IDBObjectStore,
  { dropped, rewritten }: Required<Pick<Changes, 'dropped'>> & { rewritten: Changes['rewritten'] },
): void {
  const rows = askForRows(unsaved, undefined, () => {
    const present = new Set(
      rows()
        .flatMap(readEdit)
        .map(({ id }) => id),
    )
    const isReplaced = rewritten && areReplaceable(rewritten.from, present)
    if (isReplaced || areDroppable(dropped, present)) for (const id of present) unsaved.delete(id)
    if (isReplaced) for (const edit of rewritten.to) unsaved.put(rowOf(edit), edit.id)
  })
}

function writeRenamed(
  transaction: IDBTransaction,
  { renames, edits }: NonNullable<Changes['renamed']>,
  done: () => void,
): void {
  const unsaved = transaction.objectStore('unsaved')
  for (const { client, clock, to } of renames)
    transaction.objectStore('custom').put(to, ['rename', client, clock])
  const found = unsaved.getAllKeys()
  found.addEventListener('success', () => {
    const present = new Set(found.result)
    for (const edit of edits) if (present.has(edit.id)) unsaved.put(rowOf(edit), edit.id)
    done()
  })
}

function writeRole(custom: IDBObjectStore, { entrance, role }: NonNullable<Changes['role']>): void {
  const key = ['role', entrance]
  if (role) custom.put(role, key)
  else custom.delete(key)
}

type Row = readonly [key: IDBValidKey, value: unknown]

function askForRows(
  store: IDBObjectStore,
  range?: IDBKeyRange,
  found: () => void = ignore,
): () => readonly Row[] {
  const keys = store.getAllKeys(range)
  const values: IDBRequest<unknown[]> = store.getAll(range)
  values.addEventListener('success', found)
  return () => keys.result.map((key, index) => [key, values.result[index]])
}

function hasUpdate(row: Row): row is readonly [IDBValidKey, Uint8Array] {
  return isUpdate(row[1])
}

function rowOf({ update, ours }: Edit): unknown {
  return ours ? { update: whole(update), ours } : whole(update)
}

function readEdit([id, row]: Row): readonly Edit[] {
  const edit: unknown = row instanceof Uint8Array ? { id, update: row } : { ...Object(row), id }
  return isEdit(edit) ? [edit] : []
}

function readRename([key, to]: Row): readonly Rename[] {
  const [, client, clock]: readonly unknown[] = Array.isArray(key) ? key : []
  const rename: unknown = { client, clock, to }
  return isRename(rename) ? [rename] : []
}

function readRole([key, value]: Row): readonly (readonly [entrance: string, Role])[] {
  const entrance: unknown = Array.isArray(key) ? key[1] : undefined
  return typeof entrance === 'string' && isRole(value) ? [[entrance, value]] : []
}

/** Of a view the browser would keep all that lies under it: the whole frame that an update came in. */
function whole(bytes: Uint8Array): Uint8Array {
  return bytes.length === bytes.buffer.byteLength ? bytes : bytes.slice()
}

/** There is no database to be opened: the browser has none, or none for this site. */
function keepsNothing(error: unknown): boolean {
  // Private windows of older Firefoxes let no database be changed.
  return !(error instanceof DOMException) || ['SecurityError', 'InvalidStateError'].includes(error.name)
}

/** Newer browsers have a class for a full store, older ones a `DOMException` of that name. */
function localStoreError(
  error: unknown,
  otherwise: 'unavailable' | 'unread' = 'unavailable',
): LocalStoreError {
  const isFull = error instanceof Error && error.name === 'QuotaExceededError'
  return isFull
    ? new LocalStoreError('full', 'the browser gives this site no more room', { cause: error })
    : new LocalStoreError(otherwise, 'the browser does not let us at what it keeps', { cause: error })
}

let hasAskedToKeep = false

/**
 * Asks the browser, once in a page, not to clear this site away when room is short. It may ask the person, who has written
 * something by now; whatever the answer, we go on. Without TLS there is nobody to ask.
 */
function askToKeep(): void {
  if (hasAskedToKeep) return
  hasAskedToKeep = true
  const storage: StorageManager | undefined = navigator.storage
  storage?.persist().catch(ignore)
}

function ignore(): void {}
