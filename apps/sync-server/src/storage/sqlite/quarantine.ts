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
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import type { DocumentName } from '@quire/protocol'
import { syncFolder } from '../../durable-folder.ts'
import type { SalvagedRow } from './salvage.ts'

/**
 * Returns the path. It is named after the document and after what was found, so that the same state is only ever
 * written once; a name of a document may hold anything, and is in the first line.
 */
export function writeExport(options: {
  readonly folder: string
  readonly name: DocumentName
  readonly reason: string
  readonly rows: Iterable<SalvagedRow>
}): string {
  const { folder, name, reason, rows } = options
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  syncFolder(dirname(folder))
  const stem = createHash('sha256').update(name).digest('hex').slice(0, 16)
  const draft = join(folder, `${stem}.part`)
  const state = createHash('sha256')
  const file = openSync(draft, 'w', 0o600)
  try {
    writeFileSync(file, lineOf({ document: name, reason, time: new Date().toISOString() }))
    for (const row of rows) {
      const line = lineOf(row)
      state.update(line)
      writeFileSync(file, line)
    }
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  const path = join(folder, `${stem}-${state.digest('hex').slice(0, 16)}.jsonl`)
  if (existsSync(path)) rmSync(draft)
  else renameSync(draft, path)
  syncFolder(folder)
  return path
}

function lineOf(value: object): string {
  return `${JSON.stringify(value)}\n`
}
