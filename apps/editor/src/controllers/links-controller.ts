/** The links an owner may hand out: asked for, and changed one thing at a time. */
import type { ReactiveController, ReactiveControllerHost } from 'lit'
import type { Answer, SharedLink } from './surroundings.ts'
import { t } from '../words/index.ts'

export type Links = { readonly type: 'asking' } | Answer<readonly SharedLink[]>

export class LinksController implements ReactiveController {
  readonly #host: ReactiveControllerHost
  links: Links = { type: 'asking' }
  /** Something is being done about them. */
  isBusy = false
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

  /** Does something about the links, and shows them with what came of it. Resolves with the words to say if it failed. */
  async change<Value>(
    act: () => Promise<Answer<Value>>,
    result: (links: readonly SharedLink[], value: Value) => readonly SharedLink[],
  ): Promise<string | undefined> {
    if (this.isBusy) return t('share.busy')
    this.isBusy = true
    this.#host.requestUpdate()
    const answer = await act()
    this.isBusy = false
    if (answer.type === 'given' && this.links.type === 'given')
      this.links = { type: 'given', value: result(this.links.value, answer.value) }
    this.#host.requestUpdate()
    return answer.type === 'failed' ? answer.words : undefined
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
