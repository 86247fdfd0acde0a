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
    for (const [client, deletes] of Map.groupBy(update.deletes, (range) => range.client)) {
      const known = this.#deleted.get(client) ?? new RangeSet()
      known.add(deletes.map(({ clock, length }) => ({ start: clock, end: clock + length })))
      this.#deleted.set(client, known)
    }
  }
}

interface Range {
  readonly start: number
  /** The first position after it. */
  readonly end: number
}

/** Disjoint ranges in ascending order; ranges that touch are one. */
class RangeSet {
  #ranges: readonly Range[] = []

  covers(start: number, end: number): boolean {
    const range = this.#ranges[this.#firstEndingAfter(start)]
    return range !== undefined && range.start <= start && end <= range.end
  }

  /** All at once: one by one, the many ranges of a large update would each move all that come after them. */
  add(ranges: readonly Range[]): void {
    const added = ranges.toSorted((a, b) => a.start - b.start)
    const start = added[0]?.start ?? 0
    const end = added.reduce((latest, range) => Math.max(latest, range.end), 0)
    const from = this.#firstEndingAfter(start - 1)
    const to = this.#firstEndingAfter(end)
    // The range at `to` ends after ours, and may begin in them.
    const touched = this.#ranges.slice(from, to + 1)
    this.#ranges = this.#ranges.slice(0, from).concat(joined(touched, added), this.#ranges.slice(to + 1))
  }

  /** Index of the first range whose end is past `position`. */
  #firstEndingAfter(position: number): number {
    let low = 0
    let high = this.#ranges.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#ranges[middle]?.end ?? 0) > position) high = middle
      else low = middle + 1
    }
    return low
  }
}

/** The union of both, which are in ascending order. */
function joined(some: readonly Range[], others: readonly Range[]): Range[] {
  const union: Range[] = []
  for (const range of [...some, ...others].toSorted((a, b) => a.start - b.start)) {
    const last = union.at(-1)
    if (last && range.start <= last.end)
      union[union.length - 1] = { start: last.start, end: Math.max(last.end, range.end) }
    else union.push(range)
  }
  return union
}
