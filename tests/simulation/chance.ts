/** Chance from a seed, in the words a simulation needs. */
import { seededRandom } from '../support/random.ts'

export class Chance {
  readonly #random

  constructor(seed: number) {
    this.#random = seededRandom(seed)
  }

  /** An integer from 0 up to, but not including, `end`. */
  below(end: number): number {
    return this.#random.below(end)
  }

  /** An integer from `low` to `high`, both included. */
  between(low: number, high: number): number {
    return low + this.#random.below(high - low + 1)
  }

  /** True once in `times` times. */
  oneIn(times: number): boolean {
    return this.#random.below(times) === 0
  }

  percent(share: number): boolean {
    return this.#random.below(100) < share
  }

  /** Around `meanMs`: mostly less, now and then several times as much, as waiting times are. */
  wait(meanMs: number): number {
    return Math.round(-Math.log(1 - this.#random.below(1 << 20) / (1 << 20)) * meanMs)
  }

  pick<Item>(items: readonly Item[]): Item {
    const item = items[this.#random.below(items.length)]
    if (item === undefined) throw new Error('nothing to pick from')
    return item
  }

  /** A key, as often as its number says in proportion to the others. */
  weighed<Key extends string>(weights: Readonly<Record<Key, number>>): Key {
    const entries = Object.entries(weights) as [Key, number][] // a record has no other keys than its own
    let left = this.#random.below(entries.reduce((sum, [, weight]) => sum + weight, 0))
    for (const [key, weight] of entries) {
      if (left < weight) return key
      left -= weight
    }
    throw new Error('nothing has any weight')
  }
}
