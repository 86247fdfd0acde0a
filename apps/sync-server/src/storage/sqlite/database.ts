/**
 * The database in a folder, from the time a server takes it to the time it lets go. Lives in the writer thread: one
 * connection writes, reads and checkpoints, so that nothing else can. A connection that has met a fault is replaced. While
 * none can be opened, since the disk takes nothing any more, it is read from: it shows what was committed on it, and
 * nothing of what failed, which a new one might find in the log.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { isOutageCode } from '../document-store.ts'
import { Connection, rewriteLog, type Work } from './connection.ts'
import { explained, prepareDatabase } from './database-file.ts'
import { failureOf, messageOf, outageOf } from './failure.ts'
import { lock } from './lock.ts'
import type { Answer } from './requests.ts'

/** Whoever asks whether the store works asks again and again, and each answer would cost an fsync. */
const proofLastsMs = 1000

export class Database {
  readonly #lock: DatabaseSync
  readonly #path: string
  readonly #now: () => number
  #connection: Connection | undefined
  /** Has met a fault, and is still to be replaced. */
  #broken: Connection | undefined
  #lastProofAt: number | undefined
  #usedBytes: number

  /** Opens or makes the database in `folder`, and keeps any other server out of it. Throws `FolderInUse`, another `TemporaryFailure`, or an Error whose message says what to do. */
  constructor(folder: string, now: () => number) {
    this.#now = now
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    this.#lock = lock(join(folder, 'quire.lock'))
    this.#path = join(folder, 'quire.db')
    try {
      prepareDatabase(this.#path)
      this.#connection = new Connection(this.#path, this.#now)
      this.#usedBytes = this.#connection.usedBytes
    } catch (error) {
      this.#lock.close()
      throw explained(error, this.#path)
    }
  }

  /** Does all of `works` at once, durable when this returns. One that fails leaves the others alone; a fault fails all. */
  write(works: readonly Work[]): Answer[] {
    if (works.length === 0) return []
    return this.#using(
      () => this.#openToWrite(),
      (connection) => {
        const { answers, isProof, usedBytes } = connection.write(works)
        this.#usedBytes = usedBytes
        if (answers.some(isOfOutage)) this.#lastProofAt = undefined
        else if (isProof) this.#lastProofAt = this.#now()
        return answers
      },
      (error) => works.map(() => outage(error)),
    )
  }

  read(work: Work): Answer {
    return this.#using(
      () => this.#openToRead(),
      (connection) => connection.read(work),
      outage,
    )
  }

  /** Has something been written within a second, and nothing failed since? Then nobody need write to see if that works. */
  get isProven(): boolean {
    return this.#lastProofAt !== undefined && this.#now() - this.#lastProofAt < proofLastsMs
  }

  /** Of the pages that hold something, after what was last written. */
  get usedBytes(): number {
    return this.#usedBytes
  }

  /** To be called when nobody waits. */
  checkpoint(): void {
    this.#using(
      () => this.#openToWrite(),
      (connection) => connection.checkpoint(),
      // The log stays as it is; whatever is wrong is met again, and answered, with the next request.
      () => undefined,
    )
  }

  close(): void {
    this.#closeBroken()
    this.#connection?.close()
    this.#connection = undefined
    if (this.#lock.isOpen) this.#lock.close()
  }

  #using<Result>(
    open: () => Connection,
    work: (connection: Connection) => Result,
    failed: (error: unknown) => Result,
  ): Result {
    try {
      return work(open())
    } catch (error) {
      this.#lastProofAt = undefined
      if (failureOf(error) === 'fault') this.#doubt()
      return failed(error)
    }
  }

  #openToWrite(): Connection {
    if (this.#broken) {
      // A new one begins with that: as long as it fails, the old one is the best there is.
      rewriteLog(this.#path)
      this.#closeBroken()
    }
    this.#connection ??= new Connection(this.#path, this.#now)
    return this.#connection
  }

  #openToRead(): Connection {
    try {
      return this.#openToWrite()
    } catch (error) {
      if (!this.#broken) throw error
      return this.#broken
    }
  }

  #doubt(): void {
    this.#broken ??= this.#connection
    this.#connection = undefined
  }

  #closeBroken(): void {
    const broken = this.#broken
    this.#broken = undefined
    try {
      broken?.close()
    } catch {
      // It is being thrown away for a reason that was told.
    }
  }
}

function outage(error: unknown): Answer {
  return { type: 'failed', code: outageOf(error), message: messageOf(error) }
}

function isOfOutage(answer: Answer): boolean {
  return answer.type === 'failed' && isOutageCode(answer.code)
}
