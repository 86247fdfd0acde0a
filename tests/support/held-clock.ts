/** Real time, except for waits of one length: these begin when they are asked for and end when the test says so. */
import { systemClock, type Clock } from '@quire/sync-server'
import { until } from './until.ts'

export class HeldClock implements Clock {
  readonly #heldMs: number
  readonly #held = new Set<() => void>()
  readonly #listeners = new Set<() => void>()

  constructor(heldMs: number) {
    this.#heldMs = heldMs
  }

  now(): number {
    return systemClock.now()
  }

  after(delayMs: number, act: () => void): () => void {
    if (delayMs !== this.#heldMs) return systemClock.after(delayMs, act)
    // Each wait is one of its own, though two may be for the same thing.
    const held = (): void => act()
    this.#held.add(held)
    this.#changed()
    return () => {
      this.#held.delete(held)
      this.#changed()
    }
  }

  /** Resolves once this many waits are under way. */
  untilWaiting(count: number): Promise<void> {
    return until(
      (check) => {
        this.#listeners.add(check)
        return () => this.#listeners.delete(check)
      },
      () => this.#held.size === count,
    )
  }

  /** All that wait have waited long enough. */
  pass(): void {
    const due = [...this.#held]
    this.#held.clear()
    for (const act of due) act()
  }

  #changed(): void {
    for (const listener of this.#listeners) listener()
  }
}
