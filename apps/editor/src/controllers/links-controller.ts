/** Asks the server for the links an owner may hand out. */
import type { ReactiveController, ReactiveControllerHost } from 'lit'
import type { Answer, SharedLink } from './surroundings.ts'

export type Links = { readonly type: 'asking' } | Answer<readonly SharedLink[]>

export class LinksController implements ReactiveController {
  readonly #host: ReactiveControllerHost
  links: Links = { type: 'asking' }
  #question = 0

  constructor(host: ReactiveControllerHost) {
    this.#host = host
    host.addController(this)
  }

  async ask(question: () => Promise<Answer<readonly SharedLink[]>>): Promise<void> {
    const number = ++this.#question
    this.#show({ type: 'asking' })
    const answer = await question()
    if (number === this.#question) this.#show(answer)
  }

  /** An answer that comes after the host has gone is nobody's. */
  hostDisconnected(): void {
    this.#question++
  }

  #show(links: Links): void {
    this.links = links
    this.#host.requestUpdate()
  }
}
