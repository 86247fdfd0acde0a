/** Work that is done one at a time, or a few, in the order in which it was asked for. What is not wanted any more is let go of before its turn. */

export class Turns {
  readonly #waiting = new Set<() => Promise<void>>()
  readonly #atOnce: number
  #taken = 0

  constructor(atOnce = 1) {
    this.#atOnce = atOnce
  }

  /** How many wait. */
  get length(): number {
    return this.#waiting.size
  }

  /** Begins at once if nobody has to be waited for. Rejects with the signal's reason if that comes before its turn. */
  async take<Result>(work: () => Promise<Result>, signal?: AbortSignal): Promise<Result> {
    signal?.throwIfAborted()
    const outcome = Promise.withResolvers<Result>()
    const giveUp = (): void => {
      if (this.#waiting.delete(begin)) outcome.reject(signal?.reason)
    }
    const begin = async (): Promise<void> => {
      signal?.removeEventListener('abort', giveUp)
      try {
        outcome.resolve(await work())
      } catch (error) {
        outcome.reject(error)
      }
    }
    signal?.addEventListener('abort', giveUp, { once: true })
    this.#waiting.add(begin)
    void this.#goOn()
    return outcome.promise
  }

  async #goOn(): Promise<void> {
    if (this.#taken >= this.#atOnce) return
    this.#taken++
    // Those that come meanwhile are among them.
    for (const begin of this.#waiting) {
      this.#waiting.delete(begin)
      await begin()
    }
    this.#taken--
  }
}
