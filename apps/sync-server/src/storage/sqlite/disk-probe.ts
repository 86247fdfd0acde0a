/**
 * Can the files of the database be read at all? SQLite reports a page that the disk fails to read as a damaged one;
 * only reading the files past it tells the two apart.
 */
import { closeSync, openSync, readSync } from 'node:fs'

/** A whole file may take seconds to read, and whoever asks for a damaged document again should not cost that again. */
const minMsBetweenProbes = 60_000

export class DiskProbe {
  readonly #files: readonly number[]
  readonly #now: () => number
  #readableAt: number | undefined

  /** The files are kept open until `close`: to close a file is to let go of every lock that this process has on it. */
  constructor(paths: readonly string[], now: () => number) {
    this.#files = paths.map((path) => openSync(path, 'r'))
    this.#now = now
  }

  /** Throws what the system says if they cannot. */
  assertReadable(): void {
    if (this.#readableAt !== undefined && this.#now() - this.#readableAt < minMsBetweenProbes) return
    this.#readableAt = undefined
    const buffer = new Uint8Array(1024 * 1024)
    for (const file of this.#files) {
      for (let position = 0, length = -1; length !== 0; position += length)
        length = readSync(file, buffer, 0, buffer.length, position)
    }
    this.#readableAt = this.#now()
  }

  close(): void {
    for (const file of this.#files) closeSync(file)
  }
}
