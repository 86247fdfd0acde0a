/** The data folder that the operator names: made if it is not there, and found fit before anything is put into it. */
import { accessSync, constants, statfsSync } from 'node:fs'
import { makeFolder } from './durable-folder.ts'

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
