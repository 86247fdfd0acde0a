/** Where the rows of a table lie in a database file, read from its pages as sqlite.org/fileformat.html describes them. */
import { DatabaseSync } from 'node:sqlite'

export interface RowOnDisk {
  /** Its number: where a table has an integer as its key, that key. */
  readonly row: number
  /** Where the number is written. */
  readonly key: Range
  /** Where its values are, and how they are written: one range for each page that they are spread over. */
  readonly values: readonly Range[]
}

/** Offsets in the file, `to` excluded. */
export interface Range {
  readonly from: number
  readonly to: number
}

const pageBytes = 4096
const interiorPage = 5
const leafPage = 13

/** Of a file that nobody has open, and whose log is empty. */
export function rowsOnDisk(path: string, file: Buffer, table: string): RowOnDisk[] {
  const database = new DatabaseSync(path, { readOnly: true })
  const root = database.prepare('SELECT rootpage FROM sqlite_schema WHERE name = ?').get(table)?.['rootpage']
  database.close()
  return [...rowsUnder(file, Number(root))]
}

function* rowsUnder(file: Buffer, page: number): Iterable<RowOnDisk> {
  const start = (page - 1) * pageBytes
  const type = file.readUInt8(start)
  const cells = file.readUInt16BE(start + 3)
  const pointers = start + (type === interiorPage ? 12 : 8)
  for (let cell = 0; cell < cells; cell++) {
    const at = start + file.readUInt16BE(pointers + 2 * cell)
    if (type === interiorPage) yield* rowsUnder(file, file.readUInt32BE(at))
    else if (type === leafPage) yield rowAt(file, at)
    else throw new Error(`page ${page} is none of a table`)
  }
  if (type === interiorPage) yield* rowsUnder(file, file.readUInt32BE(start + 8))
}

function rowAt(file: Buffer, at: number): RowOnDisk {
  const length = varintAt(file, at)
  const row = varintAt(file, length.to)
  const local = localBytes(length.value)
  const values: Range[] = [{ from: row.to, to: row.to + local }]
  let rest = length.value - local
  for (let next = row.to + local; rest > 0;) {
    const overflow = (file.readUInt32BE(next) - 1) * pageBytes
    const taken = Math.min(rest, pageBytes - 4)
    values.push({ from: overflow + 4, to: overflow + 4 + taken })
    rest -= taken
    next = overflow
  }
  return { row: row.value, key: { from: length.to, to: row.to }, values }
}

/** How much of a row stays in the page of its table; the rest is in pages of its own. */
function localBytes(length: number): number {
  const most = pageBytes - 35
  if (length <= most) return length
  const least = Math.floor(((pageBytes - 12) * 32) / 255) - 23
  const some = least + ((length - least) % (pageBytes - 4))
  return some <= most ? some : least
}

function varintAt(file: Buffer, at: number): { readonly value: number; readonly to: number } {
  let value = 0
  for (let to = at; ;) {
    const byte = file.readUInt8(to++)
    value = value * 128 + (byte & 0x7f)
    if (byte < 0x80) return { value, to }
  }
}
