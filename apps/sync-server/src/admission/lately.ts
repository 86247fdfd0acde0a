/** What has happened lately, each time under a name. So much is remembered and no more: of the rest it seems that it has not. */
export interface LatelyOptions {
  readonly forMs: number
  readonly maxNames: number
  /** Milliseconds, from any start. */
  readonly now: () => number
}

export class Lately {
  readonly #options: LatelyOptions
  /** When each was first seen, the oldest first. */
  readonly #since = new Map<string, number>()

  constructor(options: LatelyOptions) {
    this.#options = options
  }

  /** Whether this has not happened since it was last said to be new. */
  isNew(name: string): boolean {
    const nowMs = this.#options.now()
    this.#forget(nowMs)
    if (this.#since.has(name)) return false
    this.#since.set(name, nowMs)
    return true
  }

  #forget(nowMs: number): void {
    const { forMs, maxNames } = this.#options
    for (const [name, sinceMs] of this.#since) {
      if (this.#since.size < maxNames && nowMs - sinceMs < forMs) return
      this.#since.delete(name)
    }
  }
}
