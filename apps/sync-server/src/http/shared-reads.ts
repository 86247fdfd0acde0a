/**
 * Reads of whole documents, which are dear: those who ask while a document is being read share the next reading of
 * it (not the present one, which may have begun before their last edit was stored), only a few documents are
 * read at a time, of each address one, and one that took too much is let be for a while.
 */
import type { DocumentName } from '@quire/protocol'
import { Turns } from '../workshop/turns.ts'
import { ResourceLimitError } from '../workshop/workshop.ts'
import { Problem } from './problem.ts'

/** Each holds a document in memory, and its copy in the workshop. */
const maxAtOnce = 8
/** Texts that an address may wait for at once. They are read one after the other anyway. */
export const maxOwed = 8

/** While one is read that takes too much, all others wait. */
const letBeSeconds = 3600

interface Reading {
  readonly present: Promise<string>
  next: Promise<string> | undefined
}

/** What an address asked for: whoever has many dear texts to be read waits for them, and nobody else for more than one. */
interface Line {
  readonly turns: Turns
  /** Of documents that are not being read yet. */
  readonly waiting: Map<DocumentName, Promise<string>>
  /** How many texts it has yet to be given. */
  owed: number
}

export class SharedReads {
  readonly #read: (name: DocumentName) => Promise<string>
  readonly #nowSeconds: () => number
  readonly #readings = new Map<DocumentName, Reading>()
  readonly #lines = new Map<string, Line>()
  /** Until when those that took too much are let be. */
  readonly #letBe = new Map<DocumentName, number>()

  constructor(read: (name: DocumentName) => Promise<string>, nowSeconds: () => number) {
    this.#read = read
    this.#nowSeconds = nowSeconds
  }

  /** Throws the problem `unavailable` while too many are under way, or if this one took too much not long ago. */
  async read(name: DocumentName, address: string): Promise<string> {
    return this.#next(name) ?? this.#inLine(name, address)
  }

  /** Undefined if it is not being read now. */
  #next(name: DocumentName): Promise<string> | undefined {
    const reading = this.#readings.get(name)
    return reading && (reading.next ??= this.#after(reading.present, name))
  }

  async #inLine(name: DocumentName, address: string): Promise<string> {
    const line = this.#lines.get(address) ?? { turns: new Turns(), waiting: new Map(), owed: 0 }
    const waiting = line.waiting.get(name)
    if (waiting) return waiting
    if (line.owed >= maxOwed) throw tooMany()
    line.owed++
    this.#lines.set(address, line)
    const text = line.turns.take(async () => {
      line.waiting.delete(name)
      return this.#next(name) ?? this.#begin(name)
    })
    if (line.turns.length > 0) line.waiting.set(name, text)
    try {
      return await text
    } finally {
      if (--line.owed === 0) this.#lines.delete(address)
    }
  }

  async #after(present: Promise<string>, name: DocumentName): Promise<string> {
    await Promise.allSettled([present])
    return this.#begin(name)
  }

  async #begin(name: DocumentName): Promise<string> {
    if (this.#readings.size >= maxAtOnce && !this.#readings.has(name)) throw tooMany()
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

function tooMany(): Problem {
  return new Problem('unavailable', 'Too many texts are being read.')
}
