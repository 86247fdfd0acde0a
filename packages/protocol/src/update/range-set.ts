/**
 * A set of clocks as disjoint ranges in ascending order, two 32-bit numbers each: what of one client is deleted. Ranges
 * that touch are one.
 */

/** Few enough to put in one by one; each moves all that lie behind it. */
const fewRanges = 8

export class RangeSet {
  /** Start and end (the clock after the last) by turns; only the first `#used` count. */
  #bounds = new Int32Array(4)
  #used = 0

  /** Start and end by turns, until something is added. */
  get bounds(): Int32Array {
    return this.#bounds.subarray(0, this.#used)
  }

  covers(start: number, end: number): boolean {
    const at = this.#firstEndingAfter(start)
    return at < this.#used && this.#at(at) <= start && end <= this.#at(at + 1)
  }

  /** Adds ranges given as start and end by turns, in any order; they are not the caller's any more. */
  add(bounds: Int32Array): void {
    if (bounds.length > 2 * fewRanges) return this.#merge(bounds)
    for (let index = 0; index < bounds.length; index += 2)
      this.insert(bounds[index] ?? 0, bounds[index + 1] ?? 0)
  }

  /** Adds one range. */
  insert(start: number, end: number): void {
    // The first range that touches ours, and the first after it that does not.
    const from = this.#firstEndingAfter(start - 1)
    let to = from
    let [low, high] = [start, end]
    while (to < this.#used && this.#at(to) <= end) {
      low = Math.min(low, this.#at(to))
      high = Math.max(high, this.#at(to + 1))
      to += 2
    }
    this.#reserve(this.#used + 2)
    this.#bounds.copyWithin(from + 2, to, this.#used)
    this.#bounds[from] = low
    this.#bounds[from + 1] = high
    this.#used += from + 2 - to
  }

  /** One walk over both, from where they first meet. */
  #merge(added: Int32Array): void {
    sort(added)
    const from = this.#firstEndingAfter((added[0] ?? 0) - 1)
    this.#reserve(this.#used + added.length)
    // What lies behind makes way by as much as may come before it, so that writing never overtakes reading.
    this.#bounds.copyWithin(from + added.length, from, this.#used)
    const end = this.#used + added.length
    let left = from + added.length
    let right = 0
    this.#used = from
    while (left < end || right < added.length) {
      const isLeft = right >= added.length || (left < end && this.#at(left) <= (added[right] ?? 0))
      if (isLeft) {
        this.#append(this.#at(left), this.#at(left + 1))
        left += 2
      } else {
        this.#append(added[right] ?? 0, added[right + 1] ?? 0)
        right += 2
      }
    }
  }

  /** Adds a range that begins no earlier than the last one. */
  #append(start: number, end: number): void {
    const last = this.#used - 1
    if (last > 0 && start <= this.#at(last)) {
      this.#bounds[last] = Math.max(this.#at(last), end)
      return
    }
    this.#bounds[this.#used++] = start
    this.#bounds[this.#used++] = end
  }

  /** Index of the first range whose end is past `position`. */
  #firstEndingAfter(position: number): number {
    let low = 0
    let high = this.#used / 2
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#at(middle * 2 + 1) > position) high = middle
      else low = middle + 1
    }
    return low * 2
  }

  #reserve(length: number): void {
    if (length <= this.#bounds.length) return
    const larger = new Int32Array(Math.max(length, this.#bounds.length * 2))
    larger.set(this.#bounds)
    this.#bounds = larger
  }

  #at(index: number): number {
    return this.#bounds[index] ?? 0
  }
}

/**
 * Turns ranges into ones in ascending order that cover the same. Which start belongs to which end makes no difference to
 * that, so each are sorted by themselves, which needs no comparing function and no order beside them.
 */
function sort(bounds: Int32Array): void {
  if (isAscending(bounds)) return // as Yjs writes them
  const starts = new Int32Array(bounds.length / 2)
  const ends = new Int32Array(bounds.length / 2)
  for (let index = 0; index < starts.length; index++) {
    starts[index] = bounds[index * 2] ?? 0
    ends[index] = bounds[index * 2 + 1] ?? 0
  }
  starts.sort()
  ends.sort()
  for (let index = 0; index < starts.length; index++) {
    bounds[index * 2] = starts[index] ?? 0
    bounds[index * 2 + 1] = ends[index] ?? 0
  }
}

function isAscending(bounds: Int32Array): boolean {
  for (let index = 2; index < bounds.length; index += 2)
    if ((bounds[index] ?? 0) < (bounds[index - 2] ?? 0)) return false
  return true
}
