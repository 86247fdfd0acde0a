/** The data folder that the operator names: made if it is not there, found fit before anything is put into it, and ours as long as its lock is. */
import { accessSync, constants, statfsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { makeFolder } from './durable-folder.ts'
import type { Clock } from './room/clock.ts'

/** Sooner than anybody who removed the lock by mistake starts another server, and a look costs some microseconds. */
const lookEveryMs = 1000

/** By their numbers in statfs(2) of Linux. Their locks may keep no other machine out, and their syncs promise less than ours. */
const networkFileSystems: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xfe534d42, 'SMB'],
  [0xff534d42, 'SMB'],
])

type FileSystemOf = (path: string) => number

/** Throws an Error whose message says what is wrong. `fileSystemOf` tells which one a path is on. */
export function prepareDataFolder(path: string, fileSystemOf?: FileSystemOf): void {
  try {
    makeFolder(path)
  } catch (cause) {
    throw new Error(inWords(cause), { cause })
  }
  demandFitFolder(path, fileSystemOf)
}

/** Likewise, of one that is there. */
export function demandFitFolder(
  path: string,
  fileSystemOf: FileSystemOf = (of) => statfsSync(of).type,
): void {
  try {
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (cause) {
    throw new Error(inWords(cause), { cause })
  }
  const network = process.platform === 'linux' ? networkFileSystems.get(fileSystemOf(path)) : undefined
  if (network !== undefined)
    throw new Error(`it lies on a network file system (${network}), which may lose what was saved`)
}

/**
 * Calls `onLost` when the lock that is held now lies in the folder no more: what lies in its place, if anything, does not
 * keep a second server out. Returns the way to stop looking.
 */
export function watchLock(folder: string, clock: Clock, onLost: () => void): () => void {
  const path = join(folder, 'quire.lock')
  const held = statSync(path, { bigint: true }).ino
  const look = (): void => {
    if (isReplaced(path, held)) onLost()
    else cancel = clock.after(lookEveryMs, look)
  }
  let cancel = clock.after(lookEveryMs, look)
  return () => cancel()
}

function isReplaced(path: string, held: bigint): boolean {
  try {
    return statSync(path, { bigint: true, throwIfNoEntry: false })?.ino !== held
  } catch {
    // A disk that does not answer says nothing of it.
    return false
  }
}

function inWords(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { code, path } = error as NodeJS.ErrnoException // the only errors that file systems give
  switch (code) {
    case 'EEXIST':
    case 'ENOTDIR':
      return `${path} is no folder`
    case 'ENOENT':
      return `${path} cannot be made there`
    case 'EROFS':
      return `${path} is on a disk that may only be read`
    case 'EACCES':
    case 'EPERM':
      return `this user may not write in ${path}`
    default:
      return error.message
  }
}
