/** What a data folder takes of its disk, and what is left of it. */
import { statfsSync, statSync } from 'node:fs'
import { join } from 'node:path'

export interface Disk {
  readonly folder: string
  /** The database with its log. */
  readonly databaseBytes: number
  /** For this user. */
  readonly freeBytes: number
  readonly sizeBytes: number
}

/** Throws if there is no such folder. */
export function diskOf(folder: string): Disk {
  const { bavail, blocks, bsize } = statfsSync(folder)
  const databaseBytes = ['quire.db', 'quire.db-wal', 'quire.db-shm']
    .map((name) => statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0)
    .reduce((sum, size) => sum + size, 0)
  return { folder, databaseBytes, freeBytes: bavail * bsize, sizeBytes: blocks * bsize }
}
