/**
 * Reads of whole documents, which are dear: those who ask while a document is being read share the next reading of
 * it (not the present one, which may have begun before their last edit was stored), and only a few documents are
 * read at a time.
 */
import type { DocumentName } from '@quire/protocol'
import { Problem } from './problem.ts'

/** Each holds a document in memory, and its copy in the workshop. */
const maxAtOnce = 8

interface Reading {
  readonly present: Promise<string>
  next: Promise<string> | undefined
}

export class SharedReads {
  readonly #read: (name: DocumentName) => Promise<string>
  readonly #readings = new Map<DocumentName, Reading>()

  constructor(read: (name: DocumentName) => Promise<string>) {
    this.#read = read
  }

  /** Throws the problem `unavailable` while too many are under way. */
  async read(name: DocumentName): Promise<string> {
    const reading = this.#readings.get(name)
    if (reading) return (reading.next ??= this.#after(reading.present, name))
    if (this.#readings.size >= maxAtOnce) throw new Problem('unavailable', 'Too many texts are being read.')
    return this.#begin(name)
  }

  async #after(present: Promise<string>, name: DocumentName): Promise<string> {
    await Promise.allSettled([present])
    return this.#begin(name)
  }

  async #begin(name: DocumentName): Promise<string> {
    const reading: Reading = { present: this.#read(name), next: undefined }
    this.#readings.set(name, reading)
    try {
      return await reading.present
    } finally {
      if (this.#readings.get(name) === reading && !reading.next) this.#readings.delete(name)
    }
  }
}
