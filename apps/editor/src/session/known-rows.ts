/**
 * The rows of what is saved that one object of one tab has loaded or written, and so those that a compaction may replace:
 * its state holds them. Rows of other tabs are never among them, so that compacting needs no lock.
 */
export class KnownRows<Key> {
  /** How many bytes of the tail each row is; one that holds a state is none of it. */
  #tail = new Map<Key, number>()

  get tailBytes(): number {
    return [...this.#tail.values()].reduce((sum, bytes) => sum + bytes, 0)
  }

  get keys(): readonly Key[] {
    return [...this.#tail.keys()]
  }

  /** These are all there are. Nothing tells which of them holds a state, if any does; the largest counts as that. */
  loaded(rows: readonly (readonly [key: Key, update: Uint8Array])[]): void {
    this.#tail = new Map(rows.map(([key, update]) => [key, update.length]))
    const [largest] = rows.toSorted(([, a], [, b]) => b.length - a.length)
    if (largest) this.#tail.set(largest[0], 0)
  }

  written(key: Key, update: Uint8Array): void {
    this.#tail.set(key, update.length)
  }

  /** `state` has taken the place of `replaced`. */
  compacted(replaced: readonly Key[], state: Key): void {
    for (const key of replaced) this.#tail.delete(key)
    this.#tail.set(state, 0)
  }

  forget(): void {
    this.#tail.clear()
  }
}
