/** Asks again and again while somebody looks: rests while the page is hidden, and goes on by itself after a failure. */
import type { ReactiveController, ReactiveControllerHost } from 'lit'
import type { Outcome, Sight } from './operator-server.ts'

export interface WatchOptions<Value> {
  readonly ask: () => Promise<Outcome<Value>>
  /** From an answer to the next question. */
  readonly everyMs: number
  /** Asked for when the host is connected. */
  readonly sight: () => Sight
}

export class Watch<Value> implements ReactiveController {
  /** The last that was given. */
  value: Value | undefined
  /** How asking failed, the last time it was done. */
  failure: Extract<Outcome<Value>, { type: 'failed' }> | undefined
  readonly #host: ReactiveControllerHost
  readonly #options: WatchOptions<Value>
  #question = 0
  #timer: ReturnType<typeof setTimeout> | undefined
  #stopWatching: () => void = () => undefined

  constructor(host: ReactiveControllerHost, options: WatchOptions<Value>) {
    this.#host = host
    this.#options = options
    host.addController(this)
  }

  hostConnected(): void {
    const sight = this.#options.sight()
    this.#stopWatching = sight.subscribe(() => (sight.isVisible() ? this.askNow() : this.#rest()))
    this.askNow()
  }

  hostDisconnected(): void {
    this.#stopWatching()
    this.#rest()
  }

  /** What was asked before is not waited for any more. */
  askNow(): void {
    this.#rest()
    void this.#ask(this.#question)
  }

  async #ask(question: number): Promise<void> {
    const answer = await this.#options.ask()
    if (question !== this.#question) return
    if (answer.type === 'given') this.value = answer.value
    this.failure = answer.type === 'failed' ? answer : undefined
    this.#host.requestUpdate()
    // What is no more does not come back.
    if (this.failure?.code !== 'document-unknown')
      this.#timer = setTimeout(() => this.askNow(), this.#options.everyMs)
  }

  #rest(): void {
    this.#question++
    clearTimeout(this.#timer)
  }
}
