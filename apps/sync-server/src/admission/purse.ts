/** What one connection says is paid for by all who answer for it at once: itself, its person, its address, its document. */
import { transportLimits } from '../transport/transport-limits.ts'
import { Budget } from './budget.ts'

export interface Paying {
  readonly messages: Budget
  readonly bytes: Budget
}

export class Purse {
  readonly #paying: Paying[]
  readonly #now: () => number

  /** `now`: milliseconds, from any start. */
  constructor(now: () => number) {
    this.#now = now
    const { messages, bytes } = transportLimits
    this.#paying = [{ messages: new Budget(messages, now), bytes: new Budget(bytes, now) }]
  }

  share(others: Paying): void {
    this.#paying.push(others)
  }

  /** One message of so many bytes. Returns for how many milliseconds to stop listening; 0 mostly. */
  spend(byteCount: number): number {
    const nowMs = this.#now()
    let restMs = 0
    for (const { messages, bytes } of this.#paying)
      restMs = Math.max(restMs, messages.spend(1, nowMs), bytes.spend(byteCount, nowMs))
    return restMs
  }
}
