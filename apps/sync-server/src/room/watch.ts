/**
 * Looks after something that is done over and over, each time soon finished mostly: calls `act` once for each time that takes
 * too long. A timer for each would be as many that find nothing; this one is set anew only when it has come due.
 */
import type { Clock } from './clock.ts'

export class Watch {
  readonly #clock: Clock
  readonly #limitMs: number
  readonly #act: () => void
  #begunMs: number | undefined
  #cancel: (() => void) | undefined

  constructor(options: { clock: Clock; limitMs: number; act: () => void }) {
    this.#clock = options.clock
    this.#limitMs = options.limitMs
    this.#act = options.act
  }

  begin(nowMs: number): void {
    this.#begunMs = nowMs
    this.#cancel ??= this.#lookIn(this.#limitMs)
  }

  end(): void {
    this.#begunMs = undefined
  }

  close(): void {
    this.#cancel?.()
    this.#cancel = undefined
  }

  #lookIn(delayMs: number): () => void {
    return this.#clock.after(delayMs, () => this.#look())
  }

  #look(): void {
    this.#cancel = undefined
    if (this.#begunMs === undefined) return
    const leftMs = this.#begunMs + this.#limitMs - this.#clock.now()
    if (leftMs > 0) this.#cancel = this.#lookIn(leftMs)
    else this.#act()
  }
}
