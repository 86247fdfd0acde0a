/** The server's secret: given by the operator, or made once and kept in the data folder, readable by its owner only. */
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export const minSecretBytes = 32

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
