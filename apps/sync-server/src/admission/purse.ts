/** What one connection says is paid for by all who answer for it at once: itself, its person, its address, its document. */
import { transportLimits } from '../transport/transport-limits.ts'
import { Budget } from './budget.ts'

export interface Paying {
  readonly messages: Budget
  readonly bytes: Budget
}

/** What is paid for at a time. */
const ahead = { messages: 16, bytes: 4096 }

export class Purse {
  readonly #paying: Paying[]
  readonly #now: () => number
  /** Paid for already, so that not each message of a few bytes has to be written down in all those places. */
  #messagesAhead = 0
  #bytesAhead = 0

  /** `now`: milliseconds, from any start. */
  constructor(now: () => number) {
    this.#now = now
    const { messages, bytes } = transportLimits
    this.#paying = [{ messages: new Budget(messages, now), bytes: new Budget(bytes, now) }]
  }

  share(others: Paying): void {
    this.#paying.push(others)
    // They have paid for none of it.
    this.#messagesAhead = 0
    this.#bytesAhead = 0
  }

  /** One message of so many bytes. Returns for how many milliseconds to stop listening; 0 mostly. */
  spend(byteCount: number): number {
    if (this.#messagesAhead === 0 || this.#bytesAhead < byteCount) return this.#pay(byteCount)
    this.#messagesAhead--
    this.#bytesAhead -= byteCount
    return 0
  }

  /** And for what may follow, out of plenty: nobody is kept waiting for what another has yet to say. */
  #pay(byteCount: number): number {
    const nowMs = this.#now()
    const isPlenty = this.#paying.every(
      ({ messages, bytes }) =>
        messages.hasPlenty(1 + ahead.messages, nowMs) && bytes.hasPlenty(byteCount + ahead.bytes, nowMs),
    )
    const aheadMessages = isPlenty ? ahead.messages : 0
    const aheadBytes = isPlenty ? ahead.bytes : 0
    const messageCount = 1 + aheadMessages - this.#messagesAhead
    const paidBytes = byteCount + aheadBytes - this.#bytesAhead
    this.#messagesAhead = aheadMessages
    this.#bytesAhead = aheadBytes
    let restMs = 0
    for (const { messages, bytes } of this.#paying)
      restMs = Math.max(restMs, messages.spend(messageCount, nowMs), bytes.spend(paidBytes, nowMs))
    return restMs
  }
}
