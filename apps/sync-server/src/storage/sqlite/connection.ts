/**
 * One connection to `quire.db`, from opening to the first fault. Knows when a commit is durable, and nothing of what
 * is stored.
 *
 * After a failed fsync the system may hold pages that it believes clean although they never reached the disk. So
 * frames of a commit that failed may be readable in the write-ahead log, complete and with valid checksums: whoever
 * opens the database next, this process or another, recovers them as committed. What is committed after them is
 * synced in vain, since after a power cut recovery ends at the first frame that is missing. Hence, before anything
 * found in a log is relied on:
 *
 * 1. Its bytes are written anew, in place, and synced. Then the log on disk is the one we read. To checkpoint it right
 *    away would not do: until it is known to be restarted, its old beginning on disk could be replayed over newer
 *    pages. For the same reason this comes before the database is opened: closing the last connection checkpoints.
 *    It takes no room, so on a full disk documents can still be read; on one that takes nothing at all they are read
 *    through the connection before (`database.ts`).
 * 2. Before the first commit it is checkpointed whole and restarted: the pages are written anew into the database and
 *    synced. As long as that fails the disk is not well, and nothing is acknowledged.
 *
 * The checkpoint at the end of a connection that has met a fault copies only what was committed on it, which is whole
 * in the log; if it fails the log stays, and the next connection begins with the above.
 */
import { closeSync, existsSync, fsyncSync, openSync, readSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import { assert } from '@quire/protocol'
import { StorageError } from '../document-store.ts'
import { syncFolder } from '../../durable-folder.ts'
import { usedBytesIn } from './database-file.ts'
import { DiskProbe } from './disk-probe.ts'
import { failureOf, isUnusablePage, messageOf, outageOf } from './failure.ts'
import type { Answer } from './requests.ts'
import { migrate } from './schema.ts'
import { Statements } from './statements.ts'

/** Something to do with the database. What it throws fails it alone, unless it says that the connection is broken. */
export type Work = (statements: Statements) => unknown

export interface Written {
  readonly answers: Answer[]
  /** Did anything have to be written for them? */
  readonly isProof: boolean
  /** Of the pages that hold something now. */
  readonly usedBytes: number
}

/** 4 MB: large enough that most pages are written many times before they are copied once. */
const checkpointFrames = 1000
/** A log that one huge batch has blown up is cut back to this. */
const maxRestingLogBytes = 64 * 1024 * 1024

export class Connection {
  readonly #database: DatabaseSync
  readonly #statements: Statements
  readonly #logSize: StatementSync
  readonly #changes: StatementSync
  readonly #usedBytes: () => number
  readonly #beginAll: StatementSync
  readonly #commit: StatementSync
  /** Of one piece of work within a transaction. */
  readonly #begin: StatementSync
  readonly #release: StatementSync
  readonly #disk: DiskProbe
  #logIsOurs = false

  /** Throws if the file is not there, not ours, or cannot be relied on. */
  constructor(path: string, now: () => number) {
    rewriteLog(path)
    const url = pathToFileURL(path)
    url.searchParams.set('mode', 'rw')
    this.#database = new DatabaseSync(url, { enableForeignKeyConstraints: true, timeout: 5000 })
    try {
      // Checkpoints are made by `checkpoint`, which does not overlook that one failed.
      this.#database.exec(
        `PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0;
         PRAGMA journal_size_limit = ${maxRestingLogBytes}; PRAGMA cell_size_check = ON`,
      )
      assert(this.#pragma('journal_mode') === 'wal', 'the database keeps a write-ahead log')
      assert(this.#pragma('synchronous') === 2, 'every commit is synced to disk')
      // The log may have been made just now. SQLite syncs the folder too, but overlooks it if that fails.
      syncFolder(dirname(path))
      migrate(this.#database, () => this.#restartLog())
      this.#logSize = this.#database.prepare('PRAGMA wal_checkpoint(NOOP)')
      this.#changes = this.#database.prepare('SELECT total_changes() AS count')
      this.#usedBytes = usedBytesIn(this.#database)
      this.#beginAll = this.#database.prepare('BEGIN IMMEDIATE')
      this.#commit = this.#database.prepare('COMMIT')
      this.#begin = this.#database.prepare('SAVEPOINT attempt')
      this.#release = this.#database.prepare('RELEASE attempt')
      this.#statements = new Statements(this.#database)
      this.#disk = new DiskProbe([path, `${path}-wal`], now)
    } catch (error) {
      this.#database.close()
      throw error
    }
  }

  /**
   * Does all of `works` in one transaction that is durable when this returns; one that fails leaves no trace. Throws
   * if the transaction failed: then it may or may not be stored if that is a fault, and is not if it is a refusal.
   */
  write(works: readonly Work[]): Written {
    this.#restartLog()
    const failed = new Map<Work, Answer>()
    // Savepoints cost as much as an append between them, and hardly ever does anything fail.
    let written = this.#transaction(works, failed, (work) => this.#attemptPlainly(work))
    while (!written) written = this.#transaction(works, failed, (work) => this.#attempt(work))
    return written
  }

  /** Throws if the connection is broken; it may be asked again all the same. */
  read(work: Work): Answer {
    // What a fault has cut short was not committed.
    if (this.#database.isTransaction) this.#database.exec('ROLLBACK')
    try {
      return { type: 'done', value: work(this.#statements) }
    } catch (error) {
      return isUnusablePage(error) ? this.#readAgain(work) : failedAlone(error)
    }
  }

  /** A disk that cannot be read is not damage to a document, and may be well again by now. */
  #readAgain(work: Work): Answer {
    try {
      this.#disk.assertReadable()
      return { type: 'done', value: work(this.#statements) }
    } catch (error) {
      return failedAlone(error)
    }
  }

  /** Of all pages but those that are free to be written again. Throws if the connection is broken. */
  get usedBytes(): number {
    return this.#usedBytes()
  }

  /** Copies the log into the database when it has grown long. Throws if that fails, which takes nothing from what is durable. */
  checkpoint(): void {
    if (Number(this.#logSize.get()?.['log']) >= checkpointFrames)
      this.#database.exec('PRAGMA wal_checkpoint(PASSIVE)')
  }

  close(): void {
    try {
      this.#database.close()
    } finally {
      this.#disk.close()
    }
  }

  /**
   * Undefined: nothing has been done, and all of it has to be done again. `attempt` had no answer, so that the whole was
   * undone; or it came upon an unusable page, after which SQLite commits nothing any more: then the work that led there has
   * joined the `failed`.
   */
  #transaction(
    works: readonly Work[],
    failed: Map<Work, Answer>,
    attempt: (work: Work) => Answer | undefined,
  ): Written | undefined {
    try {
      const changesBefore = this.#changes.get()?.['count']
      this.#beginAll.run()
      const answers: Answer[] = []
      for (const work of works) {
        const answer = failed.get(work) ?? attempt(work)
        if (!answer) return undefined
        answers.push(answer)
        if (answer.type === 'done' || failed.has(work)) continue
        failed.set(work, answer)
        if (!this.#database.isTransaction) return undefined
      }
      // Asked afterwards, it would take a transaction of its own.
      const usedBytes = this.#usedBytes()
      this.#commit.run()
      return { answers, isProof: this.#changes.get()?.['count'] !== changesBefore, usedBytes }
    } catch (error) {
      this.#statements.forgetStandings()
      if (failureOf(error) !== 'fault' && this.#database.isTransaction) this.#database.exec('ROLLBACK')
      throw error
    }
  }

  /** Undefined: it failed, and with it the whole transaction. */
  #attemptPlainly(work: Work): Answer | undefined {
    try {
      return { type: 'done', value: work(this.#statements) }
    } catch (error) {
      if (failureOf(error) === 'fault') throw error
      this.#statements.forgetStandings()
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK')
      return undefined
    }
  }

  #attempt(work: Work): Answer {
    this.#begin.run()
    try {
      const value = work(this.#statements)
      this.#release.run()
      return { type: 'done', value }
    } catch (error) {
      this.#statements.forgetStandings()
      // Some failures end the transaction, and with it what the others of the batch have done.
      if (!this.#database.isTransaction) throw error
      const answer = failedAlone(error)
      this.#database.exec(isUnusablePage(error) ? 'ROLLBACK' : 'ROLLBACK TO attempt; RELEASE attempt')
      return answer
    }
  }

  /** Step 2 above. That another program is reading an older state does not matter: the log is whole, only longer. */
  #restartLog(): void {
    if (this.#logIsOurs) return
    this.#database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    this.#logIsOurs = true
  }

  #pragma(name: string): unknown {
    return Object.values(this.#database.prepare(`PRAGMA ${name}`).get() ?? {})[0]
  }
}

/** Throws again what is wrong with more than this request. */
function failedAlone(error: unknown): Answer {
  if (error instanceof StorageError) return { type: 'failed', code: error.code, message: error.message }
  const failure = failureOf(error)
  if (failure === 'fault') throw error
  return {
    type: 'failed',
    code: failure === 'damage' ? 'damaged' : outageOf(error),
    message: messageOf(error),
  }
}

/** Step 1 above, for the database at `path`. */
export function rewriteLog(path: string): void {
  const log = `${path}-wal`
  if (!existsSync(log)) return
  const file = openSync(log, 'r+')
  try {
    const buffer = new Uint8Array(1024 * 1024)
    let position = 0
    for (let length = -1; length !== 0; position += length) {
      length = readSync(file, buffer, 0, buffer.length, position)
      for (let done = 0; done < length;) done += writeSync(file, buffer, done, length - done, position + done)
    }
    if (position > 0) fsyncSync(file)
  } finally {
    closeSync(file)
  }
}
