/** The server's secret: given by the operator, or made once and kept in the data folder, readable by its owner only. */
import { randomBytes } from 'node:crypto'
import { lstatSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { writeDurably } from '../durable-folder.ts'

export const minSecretBytes = 32

/** What tutorials, example files and token debuggers put where a secret belongs. */
const placeholder =
  /(change|replace).?(me|this|it)|your.{0,12}(secret|key|token)|secret.?key|super.?secret|placeholder|example|password|at.least.\d/i

/** What is wrong with a secret that must not be guessed, as words to put after its name; undefined if nothing is seen to be. */
export function faultOf(secret: string, minBytes: number): string | undefined {
  if (Buffer.byteLength(secret) < minBytes) return `must be at least ${minBytes} bytes long`
  if (repeats(secret) || placeholder.test(secret))
    return 'must be made by chance, as `openssl rand -base64 48` does, and no placeholder'
  return undefined
}

/** Is it a few characters again and again? Then it begins with what is left of it once they are taken away. */
function repeats(secret: string): boolean {
  for (let length = 1; length <= secret.length / 2; length++)
    if (secret.startsWith(secret.slice(length))) return true
  return false
}

const remove = 'remove it and a new one is made'

/**
 * The one in `folder`, which this server has to itself. Throws an Error whose message says what to do: a file that is there
 * is never replaced, since tokens that others signed with it would open nothing.
 */
export function keepSecret(folder: string): Uint8Array {
  const path = join(folder, 'secret')
  // Not `existsSync`: a link that leads nowhere for now is there too.
  if (!lstatSync(path, { throwIfNoEntry: false })) writeDurably(path, randomBytes(48).toString('base64url'))
  if (isOpenToAll(path))
    throw new Error(`everyone on this machine may open ${path}: chmod 600 it, or ${remove}`)
  const secret = readFileSync(path)
  const fault = faultOf(secret.toString('latin1'), minSecretBytes)
  if (fault !== undefined)
    throw new Error(`what ${path} holds ${fault}: put back the right one, or ${remove}`)
  return secret
}

/** A group may, since containers are given their files through one. Windows knows no such modes. */
function isOpenToAll(path: string): boolean {
  return process.platform !== 'win32' && (statSync(path).mode & 0o007) !== 0
}
