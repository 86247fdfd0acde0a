/** What the operator is told of a data folder that cannot be used. */
import { BusyError, ConfigError } from './config.ts'
import { FolderInUse } from './storage/sqlite/lock.ts'

export function describeFolderError(error: unknown, folder: string): ConfigError | BusyError {
  const reason = error instanceof Error ? error.message : String(error)
  const says = `The data folder ${folder} cannot be used: ${reason}.\nName another with --data or QUIRE_DATA, or`
  return error instanceof FolderInUse
    ? new BusyError(`${says} stop the other server.`)
    : new ConfigError(`${says} mend this one.`)
}
