/**
 * What a room knows: for each client the clock it would use next, and which clocks are deleted. Enough to tell
 * news from repetition and to see a gap, at a few bytes per client; it holds no text.
 */
import type { IdRange, ScannedUpdate } from './scan.ts'
import type { StateVector } from './state-vector.ts'

export class Ledger {
  readonly #next = new Map<number, number>()
  readonly #deleted = new Map<number, RangeSet>()

  /** The clock that `client`'s next struct must have; everything below it is known. */
  nextClock(client: number): number {
    return this.#next.get(client) ?? 0
  }

  isDeleted(range: IdRange): boolean {
    return this.#deleted.get(range.client)?.covers(range.clock, range.clock + range.length) ?? false
  }

  /** A live view; copy it to keep it. */
  get stateVector(): StateVector {
    return this.#next
  }

  /** Takes in an update that the gate has admitted. Adding one twice changes nothing. */
  add(update: ScannedUpdate): void {
    for (const { client, clock, length } of update.structs) {
      const next = this.nextClock(client)
      if (clock <= next && clock + length > next) this.#next.set(client, clock + length)
    }
    for (const { client, clock, length } of update.deletes) {
      let ranges = this.#deleted.get(client)
      if (!ranges) this.#deleted.set(client, (ranges = new RangeSet()))
      ranges.add(clock, clock + length)
    }
  }
}

/** Disjoint ranges [start, end) in ascending order; ranges that touch become one. */
class RangeSet {
  readonly #starts: number[] = []
  readonly #ends: number[] = []

  covers(start: number, end: number): boolean {
    const index = this.#firstEndingAfter(start)
    const from = this.#starts[index]
    const to = this.#ends[index]
    return from !== undefined && to !== undefined && from <= start && end <= to
  }

  add(start: number, end: number): void {
    const first = this.#firstEndingAfter(start - 1)
    let last = first
    let from = start
    let to = end
    for (; last < this.#starts.length; last++) {
      const nextStart = this.#starts[last] ?? 0
      if (nextStart > end) break
      from = Math.min(from, nextStart)
      to = Math.max(to, this.#ends[last] ?? 0)
    }
    this.#starts.splice(first, last - first, from)
    this.#ends.splice(first, last - first, to)
  }

  /** Index of the first range whose end is past `position`. */
  #firstEndingAfter(position: number): number {
    let low = 0
    let high = this.#ends.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#ends[middle] ?? 0) > position) high = middle
      else low = middle + 1
    }
    return low
  }
}
