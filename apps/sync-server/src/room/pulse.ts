/** When to act on what gathers: at once after a quiet moment, and while it goes on at most every `intervalMs`. */
import type { Clock } from './clock.ts'

export class Pulse {
  readonly #clock: Clock
  readonly #intervalMs: number
  readonly #act: () => void
  #lastMs = -Infinity
  #cancel: (() => void) | undefined

  constructor(options: { clock: Clock; intervalMs: number; act: () => void }) {
    this.#clock = options.clock
    this.#intervalMs = options.intervalMs
    this.#act = options.act
  }

  /** Something has gathered. */
  request(): void {
    if (this.#cancel) return
    const waitMs = Math.max(0, this.#lastMs + this.#intervalMs - this.#clock.now())
    this.#cancel = this.#clock.after(waitMs, () => {
      this.#cancel = undefined
      this.#lastMs = this.#clock.now()
      this.#act()
    })
  }

  close(): void {
    this.#cancel?.()
    this.#cancel = undefined
  }
}
