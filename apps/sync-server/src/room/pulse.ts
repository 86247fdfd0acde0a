/**
 * When to act on what gathers: at once after a quiet moment, and while it goes on at most every `intervalMs`; the more comes,
 * the less often, down to every `crowdedMs`. Each act is a frame to everyone, and a page to be laid out anew at everyone's:
 * what a hundred people write is as much for each of the hundred.
 */
import type { Clock } from './clock.ts'

/** A loop this late has more to do than this; waiting longer would not help it. */
const maxLatenessMs = 250
/** For each so many requests a second, a pulse takes one millisecond more: twenty people who type are served every 20 ms. */
const requestsPerMs = 5

export class Pulse {
  readonly #clock: Clock
  readonly #intervalMs: number
  readonly #crowdedMs: number
  readonly #act: () => void
  #requests = 0
  #actedMs = -Infinity
  #restUntilMs = -Infinity
  /** When it is to act next. */
  #dueMs = 0
  #cancel: (() => void) | undefined

  constructor(options: { clock: Clock; intervalMs: number; crowdedMs?: number; act: () => void }) {
    this.#clock = options.clock
    this.#intervalMs = options.intervalMs
    this.#crowdedMs = options.crowdedMs ?? options.intervalMs
    this.#act = options.act
  }

  /** Something has gathered, or so much. */
  request(count = 1): void {
    this.#requests += count
    if (this.#cancel) return
    const askedMs = this.#clock.now()
    const waitMs = Math.max(0, this.#restUntilMs - askedMs)
    this.#dueMs = askedMs + waitMs
    this.#cancel = this.#clock.after(waitMs, this.#actLate)
  }

  /** The loop is as late as it is busy: then more is gathered before each act, which makes for less to do. */
  readonly #actLate = (): void => this.#actNow(this.#clock.now() - this.#dueMs)

  /** Acts now if anything has gathered: everyone is being told something anyway. */
  hurry(): void {
    if (!this.#cancel) return
    this.#cancel()
    this.#actNow(0)
  }

  #actNow(latenessMs: number): void {
    this.#cancel = undefined
    const nowMs = this.#clock.now()
    const restMs = Math.max(this.#restMs(nowMs - this.#actedMs), Math.min(maxLatenessMs, latenessMs))
    this.#restUntilMs = nowMs + restMs
    this.#actedMs = nowMs
    this.#requests = 0
    this.#act()
  }

  #restMs(passedMs: number): number {
    const perSecond = (this.#requests / Math.max(passedMs, this.#intervalMs)) * 1000
    return Math.min(Math.max(perSecond / requestsPerMs, this.#intervalMs), this.#crowdedMs)
  }

  close(): void {
    this.#cancel?.()
    this.#cancel = undefined
  }
}
