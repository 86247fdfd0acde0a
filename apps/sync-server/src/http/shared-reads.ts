/**
 * Reads of whole documents, which are dear: those who ask while a document is being read share the next reading of
 * it (not the present one, which may have begun before their last edit was stored), only a few documents are
 * read at a time, and one that took too much is let be for a while.
 */
import type { DocumentName } from '@quire/protocol'
import { ResourceLimitError } from '../workshop/workshop.ts'
import { Problem } from './problem.ts'

/** Each holds a document in memory, and its copy in the workshop. */
const maxAtOnce = 8

/** While one is read that takes too much, all others wait. */
const letBeSeconds = 3600

interface Reading {
  readonly present: Promise<string>
  next: Promise<string> | undefined
}

export class SharedReads {
  readonly #read: (name: DocumentName) => Promise<string>
  readonly #nowSeconds: () => number
  readonly #readings = new Map<DocumentName, Reading>()
  /** Until when those that took too much are let be. */
  readonly #letBe = new Map<DocumentName, number>()

  constructor(read: (name: DocumentName) => Promise<string>, nowSeconds: () => number) {
    this.#read = read
    this.#nowSeconds = nowSeconds
  }

  /** Throws the problem `unavailable` while too many are under way, or if this one took too much not long ago. */
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
    const reading: Reading = { present: this.#readUnlessLetBe(name), next: undefined }
    this.#readings.set(name, reading)
    try {
      return await reading.present
    } finally {
      if (this.#readings.get(name) === reading && !reading.next) this.#readings.delete(name)
    }
  }

  async #readUnlessLetBe(name: DocumentName): Promise<string> {
    const left = (this.#letBe.get(name) ?? 0) - this.#nowSeconds()
    if (left > 0)
      throw new Problem('unavailable', 'This text takes too much to be read.', { retryAfterMs: left * 1000 })
    try {
      return await this.#read(name)
    } catch (error) {
      if (error instanceof ResourceLimitError) this.#letItBe(name)
      throw error
    }
  }

  #letItBe(name: DocumentName): void {
    const now = this.#nowSeconds()
    for (const [other, until] of this.#letBe) if (until <= now) this.#letBe.delete(other)
    this.#letBe.set(name, now + letBeSeconds)
  }
}
