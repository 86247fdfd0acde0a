/**
 * A large entry that nobody has read for a while: packed, it takes less than half, since what is written key by key
 * repeats itself. Whoever reads it unpacks it until it rests again.
 */
import { promisify } from 'node:util'
import { constants, zstdCompress, zstdDecompressSync } from 'node:zlib'
import type { LogEntry } from './document-store.ts'

/** Smaller ones are not worth the call; larger ones would hold up all others while they are unpacked. */
const restingBytes = { least: 16 * 1024, most: 1024 * 1024 }
/** The fastest: others save a tenth more and take twice as long. */
const level = { params: { [constants.ZSTD_c_compressionLevel]: 1 } }

const pack = promisify(zstdCompress)

export class RestingEntry implements LogEntry {
  readonly position: number
  readonly #packed: Uint8Array
  #unpacked: Uint8Array | undefined

  constructor(position: number, packed: Uint8Array) {
    this.position = position
    this.#packed = packed
  }

  get update(): Uint8Array {
    this.#unpacked ??= plain(zstdDecompressSync(this.#packed))
    return this.#unpacked
  }

  get packedBytes(): number {
    return this.#packed.length
  }

  rest(): void {
    this.#unpacked = undefined
  }
}

/** The same entry, if it is to stay as it is. */
export async function atRest(entry: LogEntry): Promise<LogEntry> {
  if (entry instanceof RestingEntry) {
    entry.rest()
    return entry
  }
  const { position, update } = entry
  const mayRest = update.length >= restingBytes.least && update.length <= restingBytes.most
  return mayRest ? new RestingEntry(position, plain(await pack(update, level))) : entry
}

/** Nothing but an array: a Buffer's `slice` does not copy. */
function plain({ buffer, byteOffset, byteLength }: Uint8Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}
