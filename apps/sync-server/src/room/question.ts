/**
 * When to ask a peer what it has that we lack (SyncStep1). One question at a time, a little after it is needed, since
 * what is missing is mostly on its way, and less and less often while the answers do not help.
 */
import type { Clock } from './clock.ts'
import type { RoomLimits } from './room-limits.ts'

export class Question {
  readonly #clock: Clock
  readonly #limits: RoomLimits
  readonly #ask: () => boolean
  #isOpen = false
  #isToFollow = false
  #delayMs: number
  #cancel: (() => void) | undefined

  /** `ask` sends the question if it is still needed, and says whether it did. */
  constructor(options: { clock: Clock; limits: RoomLimits; ask: () => boolean }) {
    this.#clock = options.clock
    this.#limits = options.limits
    this.#ask = options.ask
    this.#delayMs = this.#limits.questionDelayMs
  }

  /** Asks at once, unless an answer is still to come: it will hold whatever the peer has by then. */
  now(): void {
    this.close()
    if (!this.#isOpen) this.#isOpen = this.#ask()
  }

  /** Like `now`, but an answer that is still to come leaves out what is asked for: it is followed by another question. */
  anew(): void {
    if (this.#isOpen) this.#isToFollow = true
    else this.now()
  }

  /** Something is missing. */
  soon(): void {
    if (this.#isOpen || this.#cancel) return
    this.#cancel = this.#clock.after(this.#delayMs, () => {
      this.#cancel = undefined
      this.#isOpen = this.#ask()
      if (this.#isOpen) this.#delayMs = Math.min(this.#delayMs * 2, this.#limits.maxQuestionDelayMs)
    })
  }

  /** The answer has come. */
  answered(): void {
    this.#isOpen = false
    if (!this.#isToFollow) return
    this.#isToFollow = false
    this.now()
  }

  /** Nothing is missing any more. */
  satisfied(): void {
    this.#delayMs = this.#limits.questionDelayMs
  }

  close(): void {
    this.#cancel?.()
    this.#cancel = undefined
  }
}
