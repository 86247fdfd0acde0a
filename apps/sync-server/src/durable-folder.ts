/** Folders, and what is in them, that are there after a power cut. */
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'

/**
 * And those it lies in, each for its owner only. One by one, since Node's `recursive` asks without end where a file
 * system says that there is no such place (ENOENT) instead of why it makes none, as /proc does.
 */
export function makeFolder(path: string): void {
  if (isFolder(path)) return
  if (dirname(path) !== path) makeFolder(dirname(path))
  try {
    mkdirSync(path, { mode: 0o700 })
  } catch (error) {
    // Another server may have been faster.
    if (!isFolder(path)) throw error
  }
  syncFolder(dirname(path))
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}

/** Readable by its owner only. Under another name until it is whole, so that `path` is never half of it. */
export function writeDurably(path: string, content: string): void {
  const draft = `${path}.new`
  rmSync(draft, { force: true })
  writeFileSync(draft, content, { mode: 0o600, flag: 'wx', flush: true })
  renameSync(draft, path)
  syncFolder(dirname(path))
}

/** So that what was made or renamed in it is there after a power cut. */
export function syncFolder(path: string): void {
  const folder = openSync(path, 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}
