/** What the operator is told of a data folder that cannot be used. */
import { BusyError, ConfigError } from './config.ts'
import { isOfFullDisk, TemporaryFailure } from './storage/sqlite/failure.ts'
import { FolderInUse } from './storage/sqlite/lock.ts'

export function describeFolderError(error: unknown, folder: string): ConfigError | BusyError {
  const reason = error instanceof Error ? error.message : String(error)
  const says = `The data folder ${folder} cannot be used: ${reason}.`
  const other = 'Name another with --data or QUIRE_DATA, or'
  if (error instanceof FolderInUse) return new BusyError(`${says}\n${other} stop the other server.`)
  if (error instanceof TemporaryFailure || isOfFullDisk(error)) return new BusyError(says)
  return new ConfigError(`${says}\n${other} mend this one.`)
}
