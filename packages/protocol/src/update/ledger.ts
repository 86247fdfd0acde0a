/**
 * What a room knows: for each client the clock it would use next, and which clocks are deleted. Enough to tell
 * news from repetition and to see a gap, at a few bytes per client; it holds no text.
 */
import { RangeSet } from './range-set.ts'
import { eachDeleted, scan, type Id, type ScannedUpdate } from './scan.ts'
import type { StateVector } from './state-vector.ts'

export class Ledger {
  readonly #next = new Map<number, number>()
  readonly #deleted = new Map<number, RangeSet>()

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
    for (const { client, clock, end } of update.runs) {
      const next = this.nextClock(client)
      if (clock <= next && end > next) this.#next.set(client, end)
    }
    for (const deletions of update.deletions) {
      const bounds = new Int32Array(deletions.count * 2)
      let used = 0
      eachDeleted(update.bytes, deletions, (clock, length) => {
        bounds[used++] = clock
        bounds[used++] = clock + length
      })
      const known = this.#deleted.get(deletions.client) ?? new RangeSet()
      known.add(bounds.subarray(0, used))
      this.#deleted.set(deletions.client, known)
    }
  }
}
