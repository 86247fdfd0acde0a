/** Time that only moves when it is told to: for tests. */
import type { Clock } from './clock.ts'

interface Timer {
  readonly dueMs: number
  readonly act: () => void
}

export class ManualClock implements Clock {
  #nowMs = 0
  readonly #timers = new Set<Timer>()

  now(): number {
    return this.#nowMs
  }

  after(delayMs: number, act: () => void): () => void {
    const timer = { dueMs: this.#nowMs + delayMs, act }
    this.#timers.add(timer)
    return () => this.#timers.delete(timer)
  }

  /** Time passes while something is under way, so that what falls due meanwhile comes late. */
  hold(forMs: number): void {
    this.#nowMs += forMs
  }

  /** Moves time on, and calls what falls due in its order. */
  advance(byMs: number): void {
    const untilMs = this.#nowMs + byMs
    for (;;) {
      const [next] = [...this.#timers]
        .filter(({ dueMs }) => dueMs <= untilMs)
        .toSorted((a, b) => a.dueMs - b.dueMs)
      if (!next) break
      this.#timers.delete(next)
      this.#nowMs = Math.max(this.#nowMs, next.dueMs)
      next.act()
    }
    this.#nowMs = Math.max(this.#nowMs, untilMs)
  }
}
