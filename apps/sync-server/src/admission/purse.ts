/**
 * What one connection says is paid for by all who answer for it at once: itself, its person, its address, its document. What
 * others owe there is no matter to whoever says no more than a person who types.
 */
import { transportLimits } from '../transport/transport-limits.ts'
import type { Spendings } from './admission-limits.ts'
import { Budget } from './budget.ts'

export interface Paying {
  readonly messages: Budget
  readonly bytes: Budget
}

/** What is paid for at a time. */
const ahead = { messages: 16, bytes: 4096 }

export class Purse {
  readonly #own: Paying
  readonly #shared: Paying[] = []
  /** What is heard whatever the others say. */
  readonly #modest: Paying
  readonly #now: () => number
  /** Paid for already, so that not each message of a few bytes has to be written down in all those places. */
  #messagesAhead = 0
  #bytesAhead = 0

  /** `modest`: as `AdmissionLimits` has it; `now`: milliseconds, from any start. */
  constructor(modest: Spendings, now: () => number) {
    this.#now = now
    this.#own = payingFor(transportLimits, now)
    this.#modest = payingFor(modest, now)
  }

  share(others: Paying): void {
    this.#shared.push(others)
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

  /** A ping or a pong of so many bytes, which is nothing to the others. */
  spendAlone(byteCount: number): number {
    return Math.max(this.#own.messages.spend(1), this.#own.bytes.spend(byteCount))
  }

  /** And for what may follow, out of plenty: nobody is kept waiting for what another has yet to say. */
  #pay(byteCount: number): number {
    const nowMs = this.#now()
    const paying = [this.#own, ...this.#shared]
    const isPlenty = paying.every(
      ({ messages, bytes }) =>
        messages.hasPlenty(1 + ahead.messages, nowMs) && bytes.hasPlenty(byteCount + ahead.bytes, nowMs),
    )
    const aheadMessages = isPlenty ? ahead.messages : 0
    const aheadBytes = isPlenty ? ahead.bytes : 0
    const messageCount = 1 + aheadMessages - this.#messagesAhead
    const paidBytes = byteCount + aheadBytes - this.#bytesAhead
    this.#messagesAhead = aheadMessages
    this.#bytesAhead = aheadBytes
    const [restMs = 0, ...sharedMs] = paying.map(({ messages, bytes }) =>
      Math.max(messages.spend(messageCount, nowMs), bytes.spend(paidBytes, nowMs)),
    )
    const otherMs = Math.max(0, ...sharedMs)
    return otherMs <= restMs || this.#isModest(messageCount, paidBytes) ? restMs : otherMs
  }

  #isModest(messageCount: number, byteCount: number): boolean {
    const { messages, bytes } = this.#modest
    return messages.trySpend(messageCount) && bytes.trySpend(byteCount)
  }
}

function payingFor({ messages, bytes }: Spendings, now: () => number): Paying {
  return { messages: new Budget(messages, now), bytes: new Budget(bytes, now) }
}
