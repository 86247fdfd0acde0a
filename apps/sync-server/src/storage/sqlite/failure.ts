/** What an error met while using SQLite says: about the request that met it, and about the connection it was met on. */

export type Failure =
  /** Stored bytes are not those that were written. The connection is well. */
  | 'damage'
  /**
   * The disk is full, another program holds the database, or it was not SQLite that failed. Nothing is in doubt, and
   * the connection is well.
   */
  | 'refusal'
  /** Nothing can be known of the connection any more. */
  | 'fault'

/** What keeps a folder from being used for now: trying again later may help. */
export class TemporaryFailure extends Error {}

/** Primary result codes, from sqlite.org/rescode.html; the upper bits of `errcode` only tell them more exactly. */
const corrupt = 11
const damage = new Set([corrupt, 18 /* TOOBIG */, 19 /* CONSTRAINT */, 26 /* NOTADB */])
const full = 13
const refusal = new Set([5 /* BUSY */, 6 /* LOCKED */, full])

export function failureOf(error: unknown): Failure {
  const result = resultOf(error)
  if (result !== undefined) return damage.has(result) ? 'damage' : refusal.has(result) ? 'refusal' : 'fault'
  // How a stored number is met that we would never have stored.
  if (error instanceof Error && 'code' in error && error.code === 'ERR_OUT_OF_RANGE') return 'damage'
  return 'refusal'
}

/**
 * Did SQLite come upon a page that it cannot use? It says so of a page with wrong contents, and in the same words of
 * one that the disk failed to read.
 */
export function isUnusablePage(error: unknown): boolean {
  return resultOf(error) === corrupt || (error instanceof Error && isUnusablePage(error.cause))
}

/** Does it say that the disk is full, or that this user may have no more of it? */
export function isOfFullDisk(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const isFromSystem = 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT')
  return isFromSystem || resultOf(error) === full || isOfFullDisk(error.cause)
}

/** As what all that was asked of the store is answered then. */
export function outageOf(error: unknown): 'disk-full' | 'unavailable' {
  return isOfFullDisk(error) ? 'disk-full' : 'unavailable'
}

/** The primary result code, if it is an error from SQLite. */
function resultOf(error: unknown): number | undefined {
  return error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : undefined
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
