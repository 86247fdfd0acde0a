/** How long to wait for something that should come. */
export class Patience {
  readonly #ms: number
  readonly #ended: () => void
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(ms: number, ended: () => void) {
    this.#ms = ms
    this.#ended = ended
  }

  /** Counts from now, if it does not count already. */
  begin(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      this.#ended()
    }, this.#ms)
  }

  /** It has come, or is not to be expected any more. */
  end(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }
}
