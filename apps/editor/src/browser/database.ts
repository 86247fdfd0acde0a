/** IndexedDB in promises, as much of it as we need. What it rejects with is the browser's own. */

/** A database opens within milliseconds; one that another tab holds in an older version may never do. */
export const openTimeoutMs = 3000

interface DatabaseOptions {
  readonly name: string
  readonly version: number
  /** Makes the stores of this version: all of it happens or none. */
  readonly upgrade: (database: IDBDatabase, transaction: IDBTransaction) => void
}

/** Opens it as soon as the browser does. The connection gives way to a newer version and to whoever deletes the database. */
export function openDatabase({ name, version, upgrade }: DatabaseOptions): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, version)
    request.addEventListener('upgradeneeded', () => {
      const { result: database, transaction } = request
      if (transaction) upgrade(database, transaction)
    })
    request.addEventListener('error', () => {
      reject(request.error ?? new Error('the database was not opened'))
    })
    request.addEventListener('success', () => {
      const database = request.result
      database.addEventListener('versionchange', () => database.close())
      resolve(database)
    })
  })
}

/** Rejects if that takes longer than `openTimeoutMs`; what opens later is closed. */
export async function openDatabaseInTime(options: DatabaseOptions): Promise<IDBDatabase> {
  const opening = openDatabase(options)
  let timeout: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timeout = setTimeout(() => {
      reject(new Error('the database does not open'))
      opening.then((database) => database.close()).catch(ignore)
    }, openTimeoutMs)
  })
  try {
    return await Promise.race([opening, late])
  } finally {
    clearTimeout(timeout)
  }
}

/**
 * Resolves once the transaction is complete, with what `ask` returns a way to read: its requests have their results then.
 * Rejects if it was aborted; it is aborted if `ask` throws.
 */
export async function completed<Result>(
  transaction: IDBTransaction,
  ask: (transaction: IDBTransaction) => () => Result,
): Promise<Result> {
  const listening = new AbortController()
  const { signal } = listening
  const over = new Promise<Error | undefined>((resolve) => {
    const fail = (): void => resolve(transaction.error ?? new Error('the transaction was aborted'))
    transaction.addEventListener('complete', () => resolve(undefined), { signal })
    transaction.addEventListener('abort', fail, { signal })
    // Chromium says nothing more of a transaction that is being committed when it takes the database away.
    transaction.db.addEventListener('close', fail, { signal })
  })
  try {
    const read = askOrAbort(transaction, ask)
    const failure = await over
    if (failure) throw failure
    return read()
  } finally {
    listening.abort()
  }
}

function askOrAbort<Answer>(
  transaction: IDBTransaction,
  ask: (transaction: IDBTransaction) => Answer,
): Answer {
  try {
    return ask(transaction)
  } catch (error) {
    transaction.abort()
    throw error
  }
}

function ignore(): void {}
