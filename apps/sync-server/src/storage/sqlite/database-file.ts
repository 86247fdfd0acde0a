/** `quire.db` as a file, before it is opened for use: made whole or not at all, and recognised without being touched. */
import {
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
} from 'node:fs'
import { basename, dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { assertNever } from '@quire/protocol'
import { syncFolder } from '../../durable-folder.ts'
import { failureOf, isOfFullDisk, messageOf, TemporaryFailure } from './failure.ts'
import { isIntact, migrate } from './schema.ts'

const pageSize = 4096
const whatToDo = 'keep a copy of the folder, and put a backup in its place'
/** Behind the name of a file in names that a restore gives: to what is to take its place, and to what it moves aside. */
export const draftMark = '.restoring-'
export const asideMark = '.before-restore-'
/** Well above what SQLite wants, since others may have freed some of it again. */
const leastRoomBytes = 1024 * 1024

/** Makes the database if there is none. Throws an Error whose message says what to do with one that is not ours or not whole. */
export function prepareDatabase(path: string): void {
  if (existsSync(path)) return recognise(path)
  const loss = lossOf(path)
  if (loss !== undefined) throw new Error(loss)
  make(path)
}

/** Of a database that is not there: what says that there was one, and what to do; undefined if nothing does. */
export function lossOf(path: string): string | undefined {
  if (!existsSync(dirname(path))) return undefined
  const marks = [draftMark, asideMark].map((mark) => `${basename(path)}${mark}`)
  const ofRestore = readdirSync(dirname(path)).find((name) => marks.some((mark) => name.startsWith(mark)))
  if (ofRestore !== undefined)
    return `quire.db is missing beside ${ofRestore}, since a restore was interrupted: run \`quire restore\` again, or give what it moved aside (${asideMark.slice(1)}…) its names back`
  return sizeOf(`${path}-wal`) > 0
    ? `quire.db is gone, although quire.db-wal is there: ${whatToDo}`
    : undefined
}

/** Under another name until it is whole, so that an empty `quire.db` always means that something was lost. */
function make(path: string): void {
  const draft = `${path}.new`
  for (const file of [draft, `${draft}-journal`, `${draft}-wal`]) rmSync(file, { force: true })
  closeSync(openSync(draft, 'wx', 0o600))
  const database = new DatabaseSync(draft)
  try {
    // From the start: to change it later needs a journal beside the file, which a power cut would leave there.
    database.exec('PRAGMA journal_mode = WAL')
    migrate(database, () => undefined)
    // Closing does this too, but overlooks it if it fails.
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  } finally {
    database.close()
  }
  renameSync(draft, path)
  syncFolder(dirname(path))
}

function recognise(path: string): void {
  if (sizeOf(path) === 0) throw new Error(`quire.db is empty: ${whatToDo}, or remove it to begin anew`)
  const fault = faultOfHeader(path)
  let database: DatabaseSync | undefined
  let isWhole: boolean
  try {
    database = new DatabaseSync(path, { readOnly: true })
    isWhole = isIntact(database)
  } finally {
    database?.close()
  }
  const damage = fault ?? (isWhole ? undefined : 'its tables are not those it was made with')
  if (damage !== undefined) throw new Error(`the beginning of quire.db is damaged, ${damage}: ${whatToDo}`)
}

/** What is wrong with the first bytes of a database, in words; undefined if nothing is. */
export function faultOfHeader(path: string): string | undefined {
  return damageIn(readHeader(path), sizeOf(`${path}-wal`) > 0 ? undefined : sizeOf(path) / pageSize)
}

/** What all pages take but those that are free to be written again: the way to ask that again and again. */
export function usedBytesIn(database: DatabaseSync): () => number {
  const pages = database.prepare('PRAGMA page_count')
  const free = database.prepare('PRAGMA freelist_count')
  return () => (Number(pages.get()?.['page_count']) - Number(free.get()?.['freelist_count'])) * pageSize
}

/** What an operator can do about an error met while opening the database at `path`. */
export function explained(error: unknown, path: string): unknown {
  const says = `quire.db cannot be opened, ${messageOf(error)}`
  if (isForWantOfRoom(error, dirname(path)))
    return new TemporaryFailure(`${says}: its disk is full; make room, nothing is lost`, { cause: error })
  if (!isFromSqlite(error)) return error
  const failure = failureOf(error)
  switch (failure) {
    case 'damage':
      return new Error(`${says}: ${whatToDo}`, { cause: error })
    case 'refusal':
      return new TemporaryFailure(`${says}: end other programs that use it`, { cause: error })
    case 'fault':
      return new Error(
        `${says}: look after its disk and start the server again; if that does not help, ${whatToDo}`,
        { cause: error },
      )
    default:
      return assertNever(failure)
  }
}

/** SQLite wants some 40 KiB to begin with, and says of a disk without them no more than that it failed. */
function isForWantOfRoom(error: unknown, folder: string): boolean {
  if (isOfFullDisk(error)) return true
  if (!isFromSqlite(error) || failureOf(error) !== 'fault') return false
  const { bavail, bsize, ffree, files } = statfsSync(folder)
  // Some file systems do not count how many files there may be.
  return bavail * bsize < leastRoomBytes || (files > 0 && ffree === 0)
}

/**
 * What SQLite would believe, although no database of ours says it: with a changed page layout, pages of one document
 * would be written over those of another. The offsets are those of sqlite.org/fileformat.html. `pages`: how many the file
 * has, if there is no log that may say otherwise: with a lower number new pages would be written over the last ones.
 */
function damageIn(header: DataView, pages: number | undefined): string | undefined {
  if (header.getUint16(16) !== pageSize) return 'the size of a page has changed'
  if (pages !== undefined && header.getUint32(28) !== pages) return 'the number of pages has changed'
  if (header.getUint8(20) !== 0) return 'the room kept free in a page has changed'
  if (![0, 4].includes(header.getUint32(44))) return 'the format of the schema has changed'
  if (header.getUint32(52) !== 0) return 'it has begun to vacuum itself'
  if (![0, 1].includes(header.getUint32(56))) return 'the encoding of text has changed'
  return undefined
}

function readHeader(path: string): DataView {
  const bytes = new Uint8Array(100)
  const file = openSync(path, 'r')
  try {
    readSync(file, bytes, 0, bytes.length, 0)
  } finally {
    closeSync(file)
  }
  return new DataView(bytes.buffer)
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}

function isFromSqlite(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error
}
