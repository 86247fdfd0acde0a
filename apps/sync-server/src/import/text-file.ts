/** Reading a file as text, whatever Unicode it was saved in, or saying why it is none. */
import { statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename, extname } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { isUtf8 } from 'node:buffer'

export type ReadText =
  | { readonly type: 'text'; readonly text: string }
  /** Words that go on after the file's name and a colon. */
  | { readonly type: 'refused'; readonly reason: string }

/** `-` is standard input. */
export async function readTextFile(path: string): Promise<ReadText> {
  try {
    if (path === '-') return textOf(await buffer(process.stdin))
    if (statSync(path).isDirectory()) return refused('is a folder')
    return textOf(await readFile(path))
  } catch (error) {
    return refused(reasonOf(error))
  }
}

/** Line breaks become those of the editor, which knows one kind. */
function textOf(bytes: Buffer): ReadText {
  const text = decode(bytes)
  return text === undefined || text.includes('\0')
    ? refused('is no text in UTF-8 or UTF-16')
    : { type: 'text', text: text.replaceAll(/\r\n?/g, '\n') }
}

/** By the mark it begins with, UTF-8 without one; undefined if it is not what it says. */
function decode(bytes: Buffer): string | undefined {
  const [first, second] = bytes
  if (first === 0xff && second === 0xfe) return decodeAs('utf-16le', bytes)
  if (first === 0xfe && second === 0xff) return decodeAs('utf-16be', bytes)
  return isUtf8(bytes) ? decodeAs('utf-8', bytes) : undefined
}

function decodeAs(encoding: string, bytes: Buffer): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

export function titleFromPath(path: string): string {
  return basename(path, extname(path)).toWellFormed().slice(0, 256)
}

export function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  switch (code) {
    case 'ENOENT':
      return 'is not there'
    case 'EACCES':
    case 'EPERM':
      return 'may not be read by this user'
    default:
      return error instanceof Error ? error.message : String(error)
  }
}

function refused(reason: string): ReadText {
  return { type: 'refused', reason }
}
