/**
 * What a room knows: for each client the clock it would use next, which clocks are deleted, and which lie under a key.
 * Enough to tell news from repetition and to see a gap, at a few bytes per client; it holds no text.
 */
import { inCausalOrder } from './causal-order.ts'
import { isUnderKey, Keys } from './keys.ts'
import { RangeSet } from './range-set.ts'
import { deletedBounds, scan, type Id, type ScannedUpdate } from './scan.ts'
import type { StateVector } from './state-vector.ts'

export class Ledger {
  readonly #next = new Map<number, number>()
  readonly #deleted = new Map<number, RangeSet>()
  readonly #keys = new Keys()

  /** What these updates together know. Throws a `ProtocolError` if one cannot be read. */
  static of(updates: Iterable<Uint8Array>): Ledger {
    const ledger = new Ledger()
    for (const update of updates) ledger.add(scan(update))
    return ledger
  }

  /** The clock that `client`'s next struct must have; everything below it is known. */
  nextClock(client: number): number {
    return this.#next.get(client) ?? 0
  }

  isKnown({ client, clock }: Id): boolean {
    return clock < this.nextClock(client)
  }

  isDeleted(client: number, clock: number, length: number): boolean {
    return this.#deleted.get(client)?.covers(clock, clock + length) ?? false
  }

  get hasKeys(): boolean {
    return !this.#keys.isEmpty
  }

  /** Is this a value under a key? */
  hasKey(client: number, clock: number): boolean {
    return this.#keys.has(client, clock)
  }

  /** How many clients have ever written. */
  get clientCount(): number {
    return this.#next.size
  }

  /** A live view; copy it to keep it. */
  get stateVector(): StateVector {
    return this.#next
  }

  /** Takes in an update that the gate has admitted. Adding one twice changes nothing; what comes after a gap is not taken in. */
  add(update: ScannedUpdate): void {
    if (update.hasKeys || this.hasKeys) this.#addKeys(update)
    for (const { client, clock, end } of update.runs) {
      const next = this.nextClock(client)
      if (clock <= next && end > next) this.#next.set(client, end)
    }
    for (const deletions of update.deletions) {
      const known = this.#deleted.get(deletions.client) ?? new RangeSet()
      known.add(deletedBounds(update.bytes, deletions))
      this.#deleted.set(deletions.client, known)
    }
  }

  #addKeys(update: ScannedUpdate): void {
    const hasKey = (client: number, clock: number): boolean => this.hasKey(client, clock)
    const nextClock = (client: number): number => this.nextClock(client)
    inCausalOrder(update, nextClock, (struct) => {
      const { client, clock, length } = struct
      const next = this.nextClock(client)
      if (isUnderKey(struct, next, hasKey)) this.#keys.add(client, Math.max(clock, next), clock + length)
    })
  }
}
