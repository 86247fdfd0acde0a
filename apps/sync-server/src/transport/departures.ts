/**
 * Sends connections away when the server stops. The first few go at once, the others spread over a second: whoever is told
 * in the same instant is back in the same instant, and thousands of hands to shake would hold up the server that follows.
 */
import type { Clock } from '../room/clock.ts'
import { transportLimits } from './transport-limits.ts'

export class Departures {
  readonly #clock: Clock
  readonly #waiting: (() => void)[] = []
  #gone = 0
  #ticksLeft: number = transportLimits.departureMs / transportLimits.departureRestMs
  #isTicking = false

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** `leave` is called now or within the second. */
  add(leave: () => void): void {
    if (this.#gone < transportLimits.departuresAtOnce) {
      this.#gone++
      leave()
      return
    }
    this.#waiting.push(leave)
    if (!this.#isTicking) this.#wait()
  }

  #wait(): void {
    this.#isTicking = true
    this.#clock.after(transportLimits.departureRestMs, () => this.#tick())
  }

  #tick(): void {
    this.#isTicking = false
    const share = Math.ceil(this.#waiting.length / Math.max(1, this.#ticksLeft--))
    for (const leave of this.#waiting.splice(0, Math.max(share, transportLimits.departuresAtOnce))) leave()
    if (this.#waiting.length > 0) this.#wait()
  }
}
