/**
 * How much one connection may ask of the server: so much at once, and so much every second after that (a token bucket).
 * What is spent beyond it is a debt: whoever owes is not listened to until it is paid off.
 */
export interface Allowance {
  readonly perSecond: number
  readonly atOnce: number
}

export class Budget {
  readonly #allowance: Allowance
  /** Milliseconds, from any start. */
  readonly #now: () => number
  #left: number
  #countedAtMs: number

  constructor(allowance: Allowance, now: () => number) {
    this.#allowance = allowance
    this.#now = now
    this.#left = allowance.atOnce
    this.#countedAtMs = now()
  }

  /** Returns for how many milliseconds to stop listening; 0 mostly. */
  spend(cost: number): number {
    const { perSecond, atOnce } = this.#allowance
    const nowMs = this.#now()
    this.#left = Math.min(atOnce, this.#left + ((nowMs - this.#countedAtMs) / 1000) * perSecond) - cost
    this.#countedAtMs = nowMs
    return this.#left >= 0 ? 0 : Math.ceil((-this.#left / perSecond) * 1000)
  }
}
