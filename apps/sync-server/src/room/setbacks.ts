/**
 * Compactions that failed: for how long each document is let be, even if everyone leaves it meanwhile and it is opened
 * again.
 */
import type { DocumentName } from '@quire/protocol'
import { ResourceLimitError } from '../workshop/workshop.ts'
import type { Clock } from './clock.ts'

/** Twice as long after each further failure. */
const pauseMs = { first: 60_000, most: 3_600_000 }
/** While one is tried that takes too much, those of all other documents wait. */
const longPauseMs = 6 * 3_600_000

interface Setback {
  /** How often it failed, one time after the other. */
  readonly count: number
  readonly untilMs: number
}

export class Setbacks {
  readonly #clock: Clock
  readonly #of = new Map<DocumentName, Setback>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** No more documents than this are let be. */
  get size(): number {
    return this.#of.size
  }

  /** How much longer the document is let be. */
  leftMs(name: DocumentName): number {
    return Math.max(0, (this.#of.get(name)?.untilMs ?? 0) - this.#clock.now())
  }

  /** It failed. Returns for how long the document is let be. */
  add(name: DocumentName, error: unknown): number {
    this.#forgetOld()
    const count = (this.#of.get(name)?.count ?? 0) + 1
    const { first, most } = pauseMs
    const forMs = error instanceof ResourceLimitError ? longPauseMs : Math.min(first * 2 ** (count - 1), most)
    this.#of.set(name, { count, untilMs: this.#clock.now() + forMs })
    return forMs
  }

  /** One succeeded, or the document is no more. */
  forget(name: DocumentName): void {
    this.#of.delete(name)
  }

  /** Nobody has tried again, as it seems. */
  #forgetOld(): void {
    const now = this.#clock.now()
    for (const [name, { untilMs }] of this.#of) if (untilMs + pauseMs.most < now) this.#of.delete(name)
  }
}
