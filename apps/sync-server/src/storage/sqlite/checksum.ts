/** What is stored beside the values of a row, to tell whether they are the ones that were written there. */
import { crc32 } from 'node:zlib'

/** Of an entry or a base. Of the place as well as of the bytes: those of another document, or of another position, are damage too. */
export function checksumOf(document: number, position: number, bytes: Uint8Array): number {
  return crc32(bytes, crc32(`${document}/${position}/`))
}

/** Of any other row: of each of its values, in this order, and of the table that it is in. */
export function rowChecksumOf(table: string, values: readonly unknown[]): number {
  return crc32(JSON.stringify([table, ...values.map(inWords)]))
}

function inWords(value: unknown): unknown {
  return value instanceof Uint8Array ? [Buffer.from(value).toString('hex')] : value
}
