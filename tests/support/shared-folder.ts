/** A folder of test data that is not part of the repository: where a variable says, or beside the repository. */
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const beside = fileURLToPath(new URL('../../../shared', import.meta.url))

/** Undefined, after one line that says what to set, if the folder is not there. */
export function sharedFolder({ variable, name }: { variable: string; name: string }): string | undefined {
  const path = resolve(process.env[variable] ?? join(beside, name))
  if (existsSync(path)) return path
  console.warn(`Skipped: there is no folder ${path}. Set ${variable} to the folder of the ${name}.`)
  return undefined
}
