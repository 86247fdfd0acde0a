/** Files that hold what could be read of a damaged document, one line of JSON for each row, for a person to look at. */
import { createHash } from 'node:crypto'
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import type { DocumentName } from '@quire/protocol'
import { syncFolder } from '../../durable-folder.ts'
import { StorageError } from '../document-store.ts'
import type { SalvagedRow } from './salvage.ts'

/** What people write comes first: the log of the database alone may come to rest at 64 MiB. */
const marginBytes = 100 * 1024 ** 2

/** For exports, in bytes. */
export function roomIn(dataFolder: string): number {
  const { bavail, bsize } = statfsSync(dataFolder)
  return Math.max(0, bavail * bsize - marginBytes)
}

/**
 * Returns the path. It is named after the document and after what was found, so that the same state is only ever
 * written once; a name of a document may hold anything, and is in the first line. Leaves nothing behind if it fails, with
 * `unavailable` if it would take more than `roomBytes`.
 */
export function writeExport(options: {
  readonly folder: string
  readonly name: DocumentName
  readonly reason: string
  readonly rows: Iterable<SalvagedRow>
  readonly roomBytes: number
}): string {
  const { folder, name, reason, rows, roomBytes } = options
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  syncFolder(dirname(folder))
  const stem = createHash('sha256').update(name).digest('hex').slice(0, 16)
  const draft = join(folder, `${stem}.part`)
  try {
    const state = writeLines(
      draft,
      { document: name, reason, time: new Date().toISOString() },
      rows,
      roomBytes,
    )
    const path = join(folder, `${stem}-${state}.jsonl`)
    if (!existsSync(path)) renameSync(draft, path)
    syncFolder(folder)
    return path
  } finally {
    rmSync(draft, { force: true })
  }
}

/** Returns what tells these rows from others. */
function writeLines(draft: string, header: object, rows: Iterable<SalvagedRow>, roomBytes: number): string {
  const state = createHash('sha256')
  const file = openSync(draft, 'w', 0o600)
  let leftBytes = roomBytes
  const write = (line: string): void => {
    leftBytes -= Buffer.byteLength(line)
    if (leftBytes < 0) throw new StorageError('disk-full', 'there is too little room on the disk')
    writeFileSync(file, line)
  }
  try {
    write(lineOf(header))
    for (const row of rows) {
      const line = lineOf(row)
      state.update(line)
      write(line)
    }
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  return state.digest('hex').slice(0, 16)
}

function lineOf(value: object): string {
  return `${JSON.stringify(value)}\n`
}
