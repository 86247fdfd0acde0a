/**
 * How much somebody may ask of the server: so much at once, and so much every second after that (a token bucket).
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

  /** Returns for how many milliseconds to stop listening; 0 mostly. `nowMs` for whoever has looked at the clock already. */
  spend(cost: number, nowMs = this.#now()): number {
    const { perSecond, atOnce } = this.#allowance
    this.#left = Math.min(atOnce, this.#left + ((nowMs - this.#countedAtMs) / 1000) * perSecond) - cost
    this.#countedAtMs = nowMs
    return this.#left >= 0 ? 0 : Math.ceil((-this.#left / perSecond) * 1000)
  }

  /** Nobody falls into debt by this: spends as much only if that is left. Returns whether it was. */
  trySpend(cost: number): boolean {
    if (this.emptyForMs(cost) > 0) return false
    this.spend(cost)
    return true
  }

  /** For how many milliseconds nothing is left to spend; 0 mostly. */
  emptyForMs(cost = 1): number {
    this.spend(0)
    return this.#left >= cost ? 0 : Math.ceil(((cost - this.#left) / this.#allowance.perSecond) * 1000)
  }

  /** At least half of what may be spent at once would be left. */
  hasPlenty(cost: number, nowMs: number): boolean {
    this.spend(0, nowMs)
    return this.#left - cost >= this.#allowance.atOnce / 2
  }

  /** Nothing was spent that has not come back. */
  get isFull(): boolean {
    this.spend(0)
    return this.#left >= this.#allowance.atOnce
  }
}

/** Budgets by name, each made when it is first asked for, and forgotten when it is full again. */
export class Budgets {
  readonly #allowance: Allowance
  readonly #now: () => number
  readonly #byName = new Map<string, Budget>()

  constructor(allowance: Allowance, now: () => number) {
    this.#allowance = allowance
    this.#now = now
  }

  of(name: string): Budget {
    const known = this.#byName.get(name)
    if (known) return known
    if (this.#byName.size >= maxRemembered) this.#forget()
    const made = new Budget(this.#allowance, this.#now)
    this.#byName.set(name, made)
    return made
  }

  /** Whoever could not be remembered begins anew; that many addresses have more than a budget each anyway. */
  #forget(): void {
    for (const [name, budget] of this.#byName) if (budget.isFull) this.#byName.delete(name)
    for (const name of this.#byName.keys()) {
      if (this.#byName.size < maxRemembered) return
      this.#byName.delete(name)
    }
  }
}

const maxRemembered = 10_000
