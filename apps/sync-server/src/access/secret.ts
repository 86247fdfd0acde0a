/** The server's secret: given by the operator, or made once and kept in the data folder, readable by its owner only. */
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

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

/** Throws an Error whose message says what to do. */
export function keepSecret(folder: string): Uint8Array {
  const path = join(folder, 'secret')
  if (!existsSync(path))
    writeFileSync(path, randomBytes(48).toString('base64url'), { mode: 0o600, flag: 'wx' })
  const secret = readFileSync(path)
  if (secret.length < minSecretBytes)
    throw new Error(`${path} holds fewer than ${minSecretBytes} bytes; remove it and a new one is made`)
  return secret
}
