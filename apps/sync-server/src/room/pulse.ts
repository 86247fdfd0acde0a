/** When to act on what gathers: at once after a quiet moment, and while it goes on at most every `intervalMs`. */
import type { Clock } from './clock.ts'

/** A loop this late has more to do than this; waiting longer would not help it. */
const maxLatenessMs = 250

export class Pulse {
  readonly #clock: Clock
  readonly #intervalMs: number
  readonly #act: () => void
  #restUntilMs = -Infinity
  #cancel: (() => void) | undefined

  constructor(options: { clock: Clock; intervalMs: number; act: () => void }) {
    this.#clock = options.clock
    this.#intervalMs = options.intervalMs
    this.#act = options.act
  }

  /** Something has gathered. */
  request(): void {
    if (this.#cancel) return
    const askedMs = this.#clock.now()
    const waitMs = Math.max(0, this.#restUntilMs - askedMs)
    this.#cancel = this.#clock.after(waitMs, () => {
      this.#cancel = undefined
      const nowMs = this.#clock.now()
      // The loop is as late as it is busy: then more is gathered before each act, which makes for less to do.
      const latenessMs = Math.min(maxLatenessMs, nowMs - askedMs - waitMs)
      this.#restUntilMs = nowMs + Math.max(this.#intervalMs, latenessMs)
      this.#act()
    })
  }

  close(): void {
    this.#cancel?.()
    this.#cancel = undefined
  }
}
