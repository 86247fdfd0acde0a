/** What is stored beside the bytes of an entry or a base, to tell whether they are the ones that were written there. */
import { crc32 } from 'node:zlib'

/** Of the place as well as of the bytes: those of another document, or of another position, are damage too. */
export function checksumOf(document: number, position: number, bytes: Uint8Array): number {
  return crc32(bytes, crc32(`${document}/${position}/`))
}
