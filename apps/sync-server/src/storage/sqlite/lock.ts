/** Keeps a second server out of a folder: held as long as the process lives, released by the system if it is killed. */
import { closeSync, existsSync, openSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { failureOf, messageOf, TemporaryFailure } from './failure.ts'

export class FolderInUse extends TemporaryFailure {
  constructor(cause?: unknown) {
    super('another server is using it', { cause })
  }
}

/** Throws `FolderInUse`, or an Error whose message says what is wrong. */
export function lock(path: string): DatabaseSync {
  // Only if it is not there: to close a file is to let go of every lock that this process has on it.
  if (!existsSync(path)) closeSync(openSync(path, 'a', 0o600))
  const database = new DatabaseSync(path, { timeout: 0 })
  try {
    // Nothing is ever written there, and a journal on disk would need room that a full disk does not have.
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')
    return database
  } catch (cause) {
    database.close()
    if (failureOf(cause) === 'refusal') throw new FolderInUse(cause)
    throw new Error(`quire.lock cannot be taken: ${messageOf(cause)}`, { cause })
  }
}
