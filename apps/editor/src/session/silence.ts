/**
 * Finds out whether anyone is at the other end of a socket. A network that is gone, and a server that has stopped, leave it
 * open for minutes: so whoever is not heard from for a while after we said something is asked, and then given up.
 */

/** Nobody takes that long to answer who is not busy with what we sent. */
const patienceMs = 8000
/**
 * A large answer in one piece is not heard of until all of it has come, and on a slow link that takes minutes. So whoever
 * spoke and then fell silent is given twice as long on the next connection, up to this.
 */
const maxPatienceMs = 64 * patienceMs
/** A question that costs nothing is answered sooner. */
const answerMs = 5000
/** It takes a moment even on a slow link, and whoever is given up for nothing is back in another. */
const doubtMs = 2500

export interface SilenceOptions {
  /** Bytes that have yet to leave; while they do, somebody is there. */
  readonly progress: () => number
  /** Asks something that is answered in any case. */
  readonly ask: () => void
  readonly giveUp: () => void
}

export class Silence {
  readonly #options: SilenceOptions
  #timer: ReturnType<typeof setTimeout> | undefined
  /** How long we wait for whoever has spoken on this connection. */
  #grantedMs = patienceMs
  #hasHeard = false
  #hasAsked = false
  #bytesLeft = 0

  constructor(options: SilenceOptions) {
    this.#options = options
  }

  /** Something was said that is to be answered. */
  watch(): void {
    if (this.#timer === undefined) this.#wait(this.#patienceMs)
  }

  /** There is reason to believe that nobody is there any more: they are asked at once, and soon given up. */
  doubt(): void {
    this.#stop()
    this.#ask(doubtMs)
  }

  /** Something was heard. `isDone`: nothing more is to come. */
  heard(isDone: boolean): void {
    this.#stop()
    this.#hasHeard = true
    if (isDone) this.#grantedMs = patienceMs
    else this.#wait(this.#grantedMs)
  }

  /** The connection has ended, or stands only now. */
  end(): void {
    this.#stop()
    this.#hasHeard = false
  }

  /** How much longer we wait than at first. */
  get extraMs(): number {
    return this.#patienceMs - patienceMs
  }

  get #patienceMs(): number {
    return this.#hasHeard ? this.#grantedMs : patienceMs
  }

  #stop(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#hasAsked = false
  }

  #ask(ms: number): void {
    this.#hasAsked = true
    this.#wait(ms)
    this.#options.ask()
  }

  #wait(ms: number): void {
    this.#bytesLeft = this.#options.progress()
    this.#timer = setTimeout(() => this.#passed(), ms)
  }

  #passed(): void {
    if (this.#options.progress() < this.#bytesLeft) return this.#wait(this.#patienceMs)
    if (this.#hasAsked) {
      if (this.#hasHeard) this.#grantedMs = Math.min(2 * this.#grantedMs, maxPatienceMs)
      this.end()
      return this.#options.giveUp()
    }
    this.#ask(answerMs)
  }
}
