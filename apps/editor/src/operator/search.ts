/** A list that is asked for anew whenever something else is looked for: what comes late is nobody's. */
import type { ReactiveController, ReactiveControllerHost } from 'lit'
import type { Listing, Outcome, Search } from './operator-server.ts'

/** From the last letter to the question: nobody wants what the letters in between would find. */
const typingMs = 250

export class SearchController implements ReactiveController {
  /** Undefined: nothing came yet. */
  found: Outcome<Listing> | undefined
  /** What was found is of this. */
  foundFor: Search | undefined
  isAsking = false
  readonly #host: ReactiveControllerHost
  readonly #ask: (search: Search) => Promise<Outcome<Listing>>
  #question = 0
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(host: ReactiveControllerHost, ask: (search: Search) => Promise<Outcome<Listing>>) {
    this.#host = host
    this.#ask = ask
    host.addController(this)
  }

  hostDisconnected(): void {
    this.#question++
    clearTimeout(this.#timer)
  }

  async askNow(search: Search): Promise<void> {
    clearTimeout(this.#timer)
    const question = ++this.#question
    this.isAsking = true
    this.#host.requestUpdate()
    const found = await this.#ask(search)
    if (question !== this.#question) return
    this.found = found
    this.foundFor = search
    this.isAsking = false
    this.#host.requestUpdate()
  }

  askSoon(search: Search): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.askNow(search), typingMs)
  }
}
