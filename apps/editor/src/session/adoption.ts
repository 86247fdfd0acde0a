/** Edits that other tabs have made and are to send themselves. What one of them has not sent in time is taken to be ours to send. */
export class Adoption {
  readonly #ms: number
  readonly #adopt: (ids: readonly string[]) => void
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>()

  /** `adopt` is called with ids that are no longer here. */
  constructor(ms: number, adopt: (ids: readonly string[]) => void) {
    this.#ms = ms
    this.#adopt = adopt
  }

  has(id: string): boolean {
    return this.#timers.has(id)
  }

  add(ids: readonly string[]): void {
    if (ids.length === 0) return
    const timer = setTimeout(() => {
      for (const id of ids) this.#timers.delete(id)
      this.#adopt(ids)
    }, this.#ms)
    for (const id of ids) this.#timers.set(id, timer)
  }

  clear(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer)
    this.#timers.clear()
  }
}
